################################################################################
#
# cilp
#
################################################################################

# The sources are the tree that this external tree lies in. To take a release
# instead, set CILP_SITE to where its archive is, leave CILP_SITE_METHOD out,
# add the archive to cilp.hash, and name the two addresses below in
# CILP_EXTRA_DOWNLOADS; the hooks then go from rsync to extract.
CILP_VERSION = 0.1.0
CILP_SITE = $(BR2_EXTERNAL_CILP_PATH)/../../..
CILP_SITE_METHOD = local
CILP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS = --exclude /build
CILP_LICENSE = MIT, Apache-2.0 or GPL-2.0+ (mbedtls), MIT (jsmn)
CILP_LICENSE_FILES = \
	LICENSE \
	licences/mbedtls-$(CILP_MBEDTLS_VERSION)/LICENSE \
	licences/jsmn.h
CILP_INSTALL_STAGING = YES
CILP_SUPPORTS_IN_SOURCE_BUILD = NO

# mbedTLS is part of the library, in a configuration of its own: neither the
# mbedtls package nor its configuration will do.
CILP_MBEDTLS_VERSION = 3.6.7
CILP_MBEDTLS_SOURCE = mbedtls-$(CILP_MBEDTLS_VERSION).tar.bz2
CILP_MBEDTLS_URL = https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-$(CILP_MBEDTLS_VERSION)/$(CILP_MBEDTLS_SOURCE)

# jsmn is one header.
CILP_JSMN_VERSION = 1.1.0
CILP_JSMN_SOURCE = jsmn.h
CILP_JSMN_URL = https://raw.githubusercontent.com/zserge/jsmn/v$(CILP_JSMN_VERSION)/$(CILP_JSMN_SOURCE)

# A package with local sources downloads nothing by itself.
define CILP_DOWNLOAD_THIRD_PARTIES
	$(call DOWNLOAD,$(CILP_MBEDTLS_URL))
	$(call DOWNLOAD,$(CILP_JSMN_URL))
endef
CILP_PRE_RSYNC_HOOKS += CILP_DOWNLOAD_THIRD_PARTIES

# Where legal-info looks for licences.
define CILP_COPY_LICENCES
	mkdir -p $(@D)/licences
	$(TAR) -C $(@D)/licences -xjf $(CILP_DL_DIR)/$(CILP_MBEDTLS_SOURCE) \
		mbedtls-$(CILP_MBEDTLS_VERSION)/LICENSE
	cp $(CILP_DL_DIR)/$(CILP_JSMN_SOURCE) $(@D)/licences/
endef
CILP_POST_RSYNC_HOOKS += CILP_COPY_LICENCES

# Between blanks there, between semicolons for CMake.
CILP_CREDENTIALS = $(subst $(space),;,$(call qstrip,$(BR2_PACKAGE_CILP_CREDENTIALS)))

# Nothing but what was downloaded above; nobody is asked while configuring.
CILP_CONF_OPTS = \
	-DCILP_SOURCES="$(CILP_CREDENTIALS)" \
	-DCILP_THIRD_PARTY_WAYS=given \
	-DMBEDTLS_SOURCE_DIR=$(CILP_DL_DIR)/$(CILP_MBEDTLS_SOURCE) \
	-DJSMN_SOURCE_DIR=$(CILP_DL_DIR)/$(CILP_JSMN_SOURCE)

# One file that needs nothing beside it. Of glibc's getaddrinfo() there is no
# such thing: the program is linked with the image's libraries there.
ifeq ($(BR2_TOOLCHAIN_USES_MUSL),y)
CILP_CONF_OPTS += -DCILP_STATIC_PROGRAM=ON
endif

$(eval $(cmake-package))
