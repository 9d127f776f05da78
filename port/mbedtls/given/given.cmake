# given.cmake - an mbedTLS that the program around this one has already:
# ../README.md.
if(CILP_TLS_ARENA)
    message(FATAL_ERROR "CILP_TLS_ARENA is our mbedTLS's: a given one has an "
        "allocator of its own")
endif()
add_library(cilp_mbedtls INTERFACE)
target_link_libraries(cilp_mbedtls INTERFACE cilp_mbedtls_headers)
set(CILP_MBEDTLS_INCLUDE_DIRS "" CACHE STRING
    "Folders with the headers of the given mbedTLS, its configuration included")
set(CILP_MBEDTLS_LIBRARIES "" CACHE STRING
    "What is linked for it: mbedtls;mbedx509;mbedcrypto, or paths")
set(CILP_MBEDTLS_DEFINITIONS "" CACHE STRING
    "What it was compiled with: MBEDTLS_CONFIG_FILE=<...>, say")

if(CILP_MBEDTLS_LIBRARIES)
    target_include_directories(cilp_mbedtls_headers SYSTEM INTERFACE
        ${CILP_MBEDTLS_INCLUDE_DIRS})
    target_compile_definitions(cilp_mbedtls_headers INTERFACE
        ${CILP_MBEDTLS_DEFINITIONS})
    set(given ${CILP_MBEDTLS_LIBRARIES})
else()
    if(NOT TARGET MbedTLS::mbedtls AND NOT TARGET mbedtls)
        find_package(MbedTLS QUIET GLOBAL)
    endif()
    if(TARGET MbedTLS::mbedtls)
        set(given MbedTLS::mbedtls)
    elseif(TARGET mbedtls)
        set(given mbedtls)
    else()
        message(FATAL_ERROR "CILP_MBEDTLS=given: there is neither a target "
            "MbedTLS::mbedtls or mbedtls, nor a package MbedTLS "
            "(CMAKE_PREFIX_PATH), nor CILP_MBEDTLS_INCLUDE_DIRS and "
            "CILP_MBEDTLS_LIBRARIES")
    endif()
    foreach(what IN ITEMS INCLUDE_DIRECTORIES COMPILE_DEFINITIONS)
        set(found $<TARGET_PROPERTY:${given},INTERFACE_${what}>)
        set_property(TARGET cilp_mbedtls_headers APPEND PROPERTY
            INTERFACE_${what} ${found})
    endforeach()
    # install.cmake asks the compiler, while configuring.
    get_target_property(dirs ${given} INTERFACE_INCLUDE_DIRECTORIES)
    if(dirs)
        set(CILP_MBEDTLS_INCLUDE_DIRS ${dirs})
    endif()
endif()
target_link_libraries(cilp_mbedtls INTERFACE ${given})
target_compile_definitions(cilp_headers INTERFACE CILP_TLS_ARENA=0)
message(STATUS "mbedtls: the given one, ${given}")
set(cilp_mbedtls_given ${given} PARENT_SCOPE)
set(cilp_mbedtls_public_dirs ${CILP_MBEDTLS_INCLUDE_DIRS} PARENT_SCOPE)
