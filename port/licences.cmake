# licences.cmake - the notices that have to go with every copy of what is built.
# One home for what is linked and where its notices lie: an installation, the
# Debian package and a release (boards/sbom.cmake) have them from here.

# Set `variable` to the notices in `file`: all of it; of a header, what its first
# comment says.
function(cilp_notices file variable)
    file(READ "${file}" text)
    if(file MATCHES "\\.h$")
        string(REGEX MATCH "^/\\*.*" text "${text}")
        string(FIND "${text}" "*/" end)
        string(SUBSTRING "${text}" 0 ${end} text)
        string(REGEX REPLACE "^/\\*\n?" "" text "${text}")
        string(REGEX REPLACE "\n \\*? ?" "\n" text "\n${text}")
        string(STRIP "${text}" text)
        string(APPEND text "\n")
    endif()
    set(${variable} "${text}" PARENT_SCOPE)
endfunction()

# Install the notices of the part `name`, out of `file`, with `component`.
function(_cilp_install_notices component name file)
    if(NOT EXISTS "${file}")
        message(STATUS "${name}'s licence has to go with every copy, and is not "
            "at hand: not installed")
        return()
    endif()
    cilp_notices("${file}" text)
    file(WRITE ${PROJECT_BINARY_DIR}/install/LICENSE.${name} "${text}")
    install(FILES ${PROJECT_BINARY_DIR}/install/LICENSE.${name}
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT ${component})
endfunction()

# Install the notices of all that the project's code is linked with as
# `component`; ARGN: name=file of what else is.
function(cilp_install_licences component)
    get_target_property(jsmn_dir cilp_jsmn INTERFACE_INCLUDE_DIRECTORIES)
    set(parts jsmn=${jsmn_dir}/jsmn.h ${ARGN})
    if(CILP_MBEDTLS STREQUAL "ours")    # a given one is not in what is built
        get_target_property(mbedtls_dir cilp_mbedtls_headers
            INTERFACE_INCLUDE_DIRECTORIES)
        list(GET mbedtls_dir 0 mbedtls_dir)
        get_filename_component(mbedtls_dir "${mbedtls_dir}" DIRECTORY)
        list(PREPEND parts mbedtls=${mbedtls_dir}/LICENSE)
    endif()
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT ${component})
    foreach(part IN LISTS parts)
        string(REGEX MATCH "^([a-z]+)=(.*)$" _ "${part}")
        _cilp_install_notices(${component} ${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
    endforeach()
endfunction()
