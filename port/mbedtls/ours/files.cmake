# files.cmake - what mbedTLS is made of: of a folder, its files and where they look
# for headers. 3.6 keeps everything in library/, 4.x has moved the cryptography.

# cilp_mbedtls_files(DIR) sets tls_sources, crypto_sources, public_dirs (for those who
# include its headers, too) and private_dirs. All of its files: those that the
# configuration does not want are empty.
function(cilp_mbedtls_files dir)
    file(GLOB tls ${dir}/library/ssl*.c ${dir}/library/x509*.c ${dir}/library/pkcs7.c)
    set(everest)
    foreach(folder IN ITEMS 3rdparty tf-psa-crypto/drivers)
        foreach(file IN ITEMS everest x25519 Hacl_Curve25519_joined)
            list(APPEND everest ${dir}/${folder}/everest/library/${file}.c)
        endforeach()
    endforeach()
    file(GLOB crypto ${dir}/library/*.c ${everest}
        ${dir}/tf-psa-crypto/core/*.c ${dir}/tf-psa-crypto/platform/*.c
        ${dir}/tf-psa-crypto/utilities/*.c ${dir}/tf-psa-crypto/extras/*.c
        ${dir}/tf-psa-crypto/dispatch/*.c
        ${dir}/tf-psa-crypto/drivers/builtin/src/*.c)
    list(REMOVE_ITEM crypto ${tls})
    # Sockets and timers are the port's; their stubs want POSIX headers.
    list(FILTER crypto EXCLUDE REGEX "/(net_sockets|timing)\\.c$")
    set(public include 3rdparty/everest/include tf-psa-crypto/include
        tf-psa-crypto/drivers/builtin/include
        tf-psa-crypto/drivers/everest/include)
    set(private library 3rdparty/everest/include/everest
        3rdparty/everest/include/everest/kremlib
        tf-psa-crypto/core tf-psa-crypto/dispatch
        tf-psa-crypto/drivers/builtin/src tf-psa-crypto/platform
        tf-psa-crypto/utilities tf-psa-crypto/extras
        tf-psa-crypto/drivers/everest/include/tf-psa-crypto/private/everest
        tf-psa-crypto/drivers/everest/include/tf-psa-crypto/private/everest/kremlib)
    foreach(kind IN ITEMS public private)
        set(there "")
        foreach(folder IN LISTS ${kind})
            if(EXISTS ${dir}/${folder})
                list(APPEND there ${dir}/${folder})
            endif()
        endforeach()
        set(${kind}_dirs ${there} PARENT_SCOPE)
    endforeach()
    set(tls_sources ${tls} PARENT_SCOPE)
    set(crypto_sources ${crypto} PARENT_SCOPE)
endfunction()
