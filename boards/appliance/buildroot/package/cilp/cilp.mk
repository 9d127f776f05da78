################################################################################
#
# cilp
#
################################################################################

# The sources are the tree that this external tree lies in. To take a release
# instead, set CILP_SITE to where its archive is, leave CILP_SITE_METHOD out,
# add the archive to cilp.hash, and make CILP_MBEDTLS_URL an extra download.
CILP_VERSION = 0.1.0
CILP_SITE = $(BR2_EXTERNAL_CILP_PATH)/../../..
CILP_SITE_METHOD = local
CILP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude /build
CILP_LICENSE = MIT, Apache-2.0 or GPL-2.0+ (mbedtls)
CILP_LICENSE_FILES = LICENSE
CILP_INSTALL_STAGING = YES
CILP_SUPPORTS_IN_SOURCE_BUILD = NO

# mbedTLS is part of the library, in a configuration of its own: neither the
# mbedtls package nor its configuration will do.
CILP_MBEDTLS_VERSION = 3.6.7
CILP_MBEDTLS_SOURCE = mbedtls-$(CILP_MBEDTLS_VERSION).tar.bz2
CILP_MBEDTLS_URL = https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-$(CILP_MBEDTLS_VERSION)/$(CILP_MBEDTLS_SOURCE)

# A package with local sources downloads nothing by itself.
define CILP_DOWNLOAD_MBEDTLS
	$(call DOWNLOAD,$(CILP_MBEDTLS_URL))
endef
CILP_PRE_RSYNC_HOOKS += CILP_DOWNLOAD_MBEDTLS

CILP_CONF_OPTS = \
	-DCILP_STATIC_PROGRAM=ON \
	-DMBEDTLS_SOURCE_DIR=$(CILP_DL_DIR)/$(CILP_MBEDTLS_SOURCE)

$(eval $(cmake-package))
