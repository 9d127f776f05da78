# ours.cmake - mbedTLS itself, with our configuration and its own warnings.
cilp_third_party(mbedtls mbedtls_dir)
file(STRINGS ${mbedtls_dir}/include/mbedtls/build_info.h mbedtls_version
    REGEX "define MBEDTLS_VERSION_STRING ")
string(REGEX REPLACE ".*\"(.*)\"" "\\1" mbedtls_version "${mbedtls_version}")
set(cilp_mbedtls_version ${mbedtls_version} PARENT_SCOPE)
if(mbedtls_version VERSION_EQUAL 3.6.6)
    message(STATUS "mbedTLS 3.6.6 refuses TLS 1.2 servers that insist on "
        "RSA-PSS; 3.6.7 does not (port/mbedtls/README.md)")
endif()
# A release has them; a checkout makes them.
if(mbedtls_version VERSION_GREATER_EQUAL 4)
    foreach(row IN ITEMS
            "tf-psa-crypto/core/psa_crypto_driver_wrappers.h|python3 with jinja2 and jsonschema: tf-psa-crypto/scripts/generate_driver_wrappers.py"
            "tf-psa-crypto/core/tf_psa_crypto_config_check_final.h|python3: tf-psa-crypto/scripts/generate_config_checks.py"
            "library/mbedtls_config_check_final.h|python3: scripts/generate_config_checks.py"
            "library/error.c|perl: scripts/generate_errors.pl"
            "library/version_features.c|perl: scripts/generate_features.pl"
            "library/ssl_debug_helpers_generated.c|python3: framework/scripts/generate_ssl_debug_helpers.py")
        string(REGEX MATCH "(.*)[|](.*)" _ "${row}")
        set(file ${CMAKE_MATCH_1})
        set(how ${CMAKE_MATCH_2})
        string(REPLACE "/core/" "/dispatch/" other ${file})
        if(NOT EXISTS ${mbedtls_dir}/${file} AND
                NOT EXISTS ${mbedtls_dir}/${other})
            message(FATAL_ERROR "${mbedtls_dir} is not a release but a "
                "checkout: ${file} is missing. It is made by ${how}")
        endif()
    endforeach()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/files.cmake)
cilp_mbedtls_files(${mbedtls_dir})

# What mbedTLS asks of its platform goes into the same library: neither links
# without the other.
add_library(cilp_mbedtls_platform OBJECT ours/platform.c)
target_link_libraries(cilp_mbedtls_platform PRIVATE
    cilp_own cilp_mbedtls_headers)
add_library(cilp_mbedtls STATIC ${tls_sources} ${crypto_sources}
    $<TARGET_OBJECTS:cilp_mbedtls_platform>)
target_link_libraries(cilp_mbedtls PUBLIC cilp_mbedtls_headers)
target_include_directories(cilp_mbedtls_headers SYSTEM INTERFACE ${public_dirs})
set(cilp_mbedtls_dir ${mbedtls_dir} PARENT_SCOPE)
set(cilp_mbedtls_public_dirs ${public_dirs} PARENT_SCOPE)
set(cilp_mbedtls_headers_to_install ${public_dirs} PARENT_SCOPE)
target_include_directories(cilp_mbedtls PRIVATE ${private_dirs}
    ${PROJECT_SOURCE_DIR})
target_compile_options(cilp_mbedtls PRIVATE -w ${CILP_SMALL_TABLES})

target_compile_definitions(cilp_mbedtls_headers INTERFACE
    MBEDTLS_CONFIG_FILE="port/mbedtls/ours/mbedtls_config.h"
    TF_PSA_CRYPTO_CONFIG_FILE="port/mbedtls/ours/psa_config.h")
if(mbedtls_version VERSION_LESS 4)
    # 4.x has an error for whoever sets it.
    target_compile_definitions(cilp_mbedtls_headers INTERFACE
        MBEDTLS_PSA_CRYPTO_CONFIG_FILE="port/mbedtls/ours/psa_config.h")
endif()

# A handshake's time is big numbers; the rest is better small. This file at -O2
# costs 2.7 KB of program and saves 3 percent of an RSA handshake's instructions,
# 8 of an ECDSA one's. X25519 would cost 5 KB more for another half percent,
# bignum.c and ecp_curves.c as much for 6 or 7.
set(CILP_CRYPTO_OPTIMIZE "-O2" CACHE STRING
    "Optimisation of the cryptography in builds that optimise")
set(fast ${crypto_sources})
list(FILTER fast INCLUDE REGEX "/bignum_core\\.c$")
set_source_files_properties(${fast} PROPERTIES COMPILE_OPTIONS
    "$<$<CONFIG:Release>:${CILP_CRYPTO_OPTIMIZE}>")

# What only decides and copies: all but the arithmetic.
set(plain ${tls_sources} ${crypto_sources})
list(FILTER plain EXCLUDE REGEX
    "/(aes|bignum|block_cipher|constant_time|ecp|gcm|sha|x25519|Hacl)[^/]*$")
set_source_files_properties(${plain} PROPERTIES COMPILE_OPTIONS
    "${CILP_SMALL_CODE}")
