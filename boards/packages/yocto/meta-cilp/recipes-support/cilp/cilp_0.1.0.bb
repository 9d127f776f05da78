SUMMARY = "Gives back the use of EC2 images that other accounts shared"
DESCRIPTION = "Removes the caller's own AWS account from the launch \
permissions of an AMI that another account shared with it: EC2's \
CancelImageLaunchPermission. The program has Amazon's roots inside and needs \
no other file."
SECTION = "utils"
LICENSE = "MIT & Apache-2.0"
LIC_FILES_CHKSUM = "\
    file://LICENSE;md5=03fdd382ee9395ad572dfdc0584a9f9c \
    file://../mbedtls-${MBEDTLS_VERSION}/LICENSE;md5=379d5819937a6c2f1ef1630d341e026d \
    file://../${JSMN_HEADER};beginline=1;endline=23;md5=c56db537a1570530f80115c3ad355575 \
"

# mbedTLS is part of the program, in a configuration of its own: the mbedtls
# recipe will not do.
MBEDTLS_VERSION = "3.6.7"
MBEDTLS_ARCHIVE = "mbedtls-${MBEDTLS_VERSION}.tar.bz2"
# jsmn is one header. The downloads folder is everybody's: it says whose this is.
JSMN_VERSION = "1.1.0"
JSMN_HEADER = "jsmn-${JSMN_VERSION}.h"

# To take a release instead of the layer's own tree, set CILP_SOURCES and, for
# git, SRCREV. HOMEPAGE and BUGTRACKER are for whoever publishes it.
CILP_SOURCES ?= "git://${CILP_TREE};protocol=file;nobranch=1;destsuffix=${BP}"
SRC_URI = "${CILP_SOURCES} \
           https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-${MBEDTLS_VERSION}/${MBEDTLS_ARCHIVE};name=mbedtls \
           https://raw.githubusercontent.com/zserge/jsmn/v${JSMN_VERSION}/jsmn.h;downloadfilename=${JSMN_HEADER};name=jsmn \
           "
SRC_URI[mbedtls.sha256sum] = "a7e8bcbec0e6f761b4af24f25677626b35f762f68eef79c08677a363212d11f6"
SRC_URI[jsmn.sha256sum] = "1ed6154dedf009212a08a397e9c4ed50a0ce31d5a8301bb294e137ae3188c13b"
SRCREV ?= "${AUTOREV}"

inherit cmake

# The sources of credentials that are linked, between blanks; empty: all. With
# "environment web-identity container imds" the program is smaller. CMake calls
# this CILP_SOURCES, which here is where the tree comes from.
CILP_CREDENTIALS ?= ""

# Nothing but what was fetched above; nobody is asked while configuring.
EXTRA_OECMAKE = "\
    -DCMAKE_BUILD_TYPE=Release \
    '-DCILP_SOURCES=${@";".join(d.getVar("CILP_CREDENTIALS").split())}' \
    -DCILP_THIRD_PARTY_WAYS=given \
    -DMBEDTLS_SOURCE_DIR=${DL_DIR}/${MBEDTLS_ARCHIVE} \
    -DJSMN_SOURCE_DIR=${DL_DIR}/${JSMN_HEADER} \
"
# With musl the program is one file that needs nothing beside it; with glibc,
# whose getaddrinfo() loads libraries, it is linked as usual.
EXTRA_OECMAKE:append:libc-musl = " -DCILP_STATIC_PROGRAM=ON"

FILES:${PN} += "${datadir}/bash-completion ${datadir}/zsh ${datadir}/fish"
