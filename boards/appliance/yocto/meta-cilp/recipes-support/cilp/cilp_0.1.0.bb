SUMMARY = "Gives back the use of EC2 images that other accounts shared"
DESCRIPTION = "Removes the caller's own AWS account from the launch \
permissions of an AMI that another account shared with it: EC2's \
CancelImageLaunchPermission. The program has Amazon's roots inside and needs \
no other file."
SECTION = "utils"
LICENSE = "MIT & Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE;md5=03fdd382ee9395ad572dfdc0584a9f9c"

# mbedTLS is part of the program, in a configuration of its own: the mbedtls
# recipe will not do.
MBEDTLS_VERSION = "3.6.7"
MBEDTLS_ARCHIVE = "mbedtls-${MBEDTLS_VERSION}.tar.bz2"

# To take a release instead of the layer's own tree, set CILP_SOURCES and, for
# git, SRCREV. HOMEPAGE and BUGTRACKER are for whoever publishes it.
CILP_SOURCES ?= "git://${CILP_TREE};protocol=file;nobranch=1;destsuffix=${BP}"
SRC_URI = "${CILP_SOURCES} \
           https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-${MBEDTLS_VERSION}/${MBEDTLS_ARCHIVE};name=mbedtls;unpack=0 \
           "
SRC_URI[mbedtls.sha256sum] = "a7e8bcbec0e6f761b4af24f25677626b35f762f68eef79c08677a363212d11f6"
SRCREV ?= "${AUTOREV}"

inherit cmake

EXTRA_OECMAKE = "\
    -DCILP_STATIC_PROGRAM=ON \
    -DMBEDTLS_SOURCE_DIR=${DL_DIR}/${MBEDTLS_ARCHIVE} \
"

FILES:${PN} += "${datadir}/bash-completion ${datadir}/zsh ${datadir}/fish"
