# install.cmake - the library half of cmake --install: the archive of
# library.cmake; headers that record the sizes it was built with; and how CMake
# and pkg-config find them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(CILP_SANITIZE)
    return()    # for tests alone
endif()
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND NOT CMAKE_C_COMPILER_ID STREQUAL "GNU")
    message(STATUS "The library is not installed from here: this compiler's "
        "link-time units hold no object code. gcc's do; so does a build "
        "without CILP_STATIC_PROGRAM")
    return()
endif()

set_target_properties(cilp_library PROPERTIES EXCLUDE_FROM_ALL OFF)
target_include_directories(cilp_library INTERFACE
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cilp>)
if(NOT cilp_mbedtls_given)
    target_include_directories(cilp_library INTERFACE
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cilp-mbedtls>)
endif()
set(libraries cilp_library)
if(TARGET cilp_hidden)
    set_target_properties(cilp_hidden PROPERTIES EXCLUDE_FROM_ALL OFF)
    target_include_directories(cilp_hidden INTERFACE
        $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/cilp>)
    list(APPEND libraries cilp_hidden)
endif()

# ---- Headers ----------------------------------------------------------------

set(headers ${cilp_core_headers}
    port/drive.h
    port/port.h
    port/proxy/choice.h
    port/proxy/no_proxy.h
    port/proxy/proxy.h
    port/proxy/url.h
    port/mbedtls/arena.h
    port/mbedtls/client_cert.h
    port/mbedtls/trust.h
    port/mbedtls/tls.h
    port/awscli/chain.h
    port/awscli/chain_kind.h
    port/posix/file.h
    port/posix/process.h
    port/awscli/profile.h
    port/posix/address.h
    port/posix/tcp.h)

if(NOT cilp_mbedtls_given)
    list(APPEND headers port/mbedtls/ours/mbedtls_config.h
        port/mbedtls/ours/psa_config.h)
endif()

# Every macro as the library's compiler sees it: a size may have come from a
# cache variable or from CFLAGS.
set(all_headers ${CMAKE_CURRENT_BINARY_DIR}/all_headers.c)
list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n" OUTPUT_VARIABLE lines)
string(CONCAT lines ${lines})
file(WRITE ${all_headers} "${lines}")
separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
foreach(option IN LISTS CILP_LIBC_FLAGS)
    string(REGEX REPLACE "^SHELL:" "" option "${option}")
    separate_arguments(option UNIX_COMMAND "${option}")
    list(APPEND flags ${option})
endforeach()
foreach(target cilp_headers cilp_mbedtls_headers)
    get_target_property(definitions ${target} INTERFACE_COMPILE_DEFINITIONS)
    list(FILTER definitions EXCLUDE REGEX "[$]<|NOTFOUND")
    if(definitions)
        list(TRANSFORM definitions PREPEND -D)
        list(APPEND flags ${definitions})
    endif()
endforeach()
list(TRANSFORM cilp_mbedtls_public_dirs PREPEND -I OUTPUT_VARIABLE dirs)
execute_process(
    COMMAND ${CMAKE_C_COMPILER} ${flags} -I${PROJECT_SOURCE_DIR} ${dirs}
        -D_GNU_SOURCE -dM -E ${all_headers}
    OUTPUT_VARIABLE macros COMMAND_ERROR_IS_FATAL ANY)

# Put the library's sizes in the place of a header's defaults. A user who sets
# another is told so by the compiler: structs of core's that lie in the user's
# memory, and that cilp_init() does not see, would have another length for each.
set(checks "")
function(record_sizes header to)
    file(READ ${PROJECT_SOURCE_DIR}/${header} text)
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY
        CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${header})
    string(REGEX MATCHALL "#ifndef CILP_[A-Z0-9_]+\n#define CILP_[A-Z0-9_]+ +[0-9]"
        sizes "${text}")
    foreach(size IN LISTS sizes)
        string(REGEX REPLACE "#ifndef ([A-Z0-9_]+).*" "\\1" name "${size}")
        string(REGEX MATCH "#define ${name} +([0-9]+)" _ "${macros}")
        set(value ${CMAKE_MATCH_1})
        string(REGEX REPLACE "(#define ${name} +)[0-9]+" "\\1${value}"
            text "${text}")
        string(APPEND checks "#if defined ${name} && ${name} != ${value}\n"
            "#error the installed library was built with ${name}=${value}\n"
            "#endif\n")
    endforeach()
    # Core's in the header that all of core's include; the port's in the one that
    # every user of TLS includes, which comes last.
    if(header MATCHES "^(core/cilp_config|port/mbedtls/tls)\\.h$")
        string(REGEX REPLACE "\n#endif\n$" "\n${checks}\n#endif\n"
            text "${text}")
        set(checks "")
    endif()
    set(checks "${checks}" PARENT_SCOPE)
    file(WRITE ${to} "${text}")
endfunction()

set(made ${PROJECT_BINARY_DIR}/install)
list(REMOVE_ITEM headers port/mbedtls/tls.h)
list(APPEND headers port/mbedtls/tls.h)
foreach(header IN LISTS headers)
    record_sizes(${header} ${made}/${header})
    get_filename_component(folder ${header} DIRECTORY)
    install(FILES ${made}/${header} COMPONENT library
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cilp/${folder})
endforeach()

# mbedTLS's headers, for a program that calls the archive's mbedTLS itself, in a
# folder of their own: another mbedTLS may have its there. Our configuration has
# the names that they look for, so that a user needs no definitions. A given
# mbedTLS is installed already.
set(mbedtls_include ${CMAKE_INSTALL_INCLUDEDIR}/cilp-mbedtls)
foreach(dir IN LISTS cilp_mbedtls_headers_to_install)
    install(DIRECTORY ${dir}/ DESTINATION ${mbedtls_include}
        COMPONENT library FILES_MATCHING PATTERN "*.h"
        PATTERN mbedtls_config.h EXCLUDE PATTERN crypto_config.h EXCLUDE
        PATTERN vs2013 EXCLUDE)
endforeach()
if(NOT cilp_mbedtls_given)
    file(WRITE ${made}/mbedtls/mbedtls_config.h
        "#include \"port/mbedtls/ours/mbedtls_config.h\"\n")
    file(WRITE ${made}/psa/crypto_config.h
        "#include \"port/mbedtls/ours/psa_config.h\"\n")
    install(DIRECTORY ${made}/mbedtls ${made}/psa COMPONENT library
        DESTINATION ${mbedtls_include})
endif()

# ---- How to find it ---------------------------------------------------------

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/cilp)
install(TARGETS ${libraries} EXPORT cilp COMPONENT library
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT cilp FILE cilp-targets.cmake NAMESPACE cilp::
    DESTINATION ${package_dir} COMPONENT library)
set(find "")
set(requires "")
if(TARGET "${cilp_mbedtls_given}")
    set(find "include(CMakeFindDependencyMacro)\nfind_dependency(MbedTLS)\n")
    set(requires mbedtls)
endif()
file(WRITE ${made}/cilp-config.cmake "${find}"
    "include(\${CMAKE_CURRENT_LIST_DIR}/cilp-targets.cmake)\n")
install(FILES ${made}/cilp-config.cmake DESTINATION ${package_dir}
    COMPONENT library)
write_basic_package_version_file(${made}/cilp-config-version.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${made}/cilp-config-version.cmake DESTINATION ${package_dir}
    COMPONENT library)

# No prefix in it: it is chosen when installing, and may be moved afterwards.
file(RELATIVE_PATH to_prefix /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
string(REGEX REPLACE "/$" "" to_prefix "${to_prefix}")
set(libraries_given "")
if(cilp_mbedtls_given AND NOT requires)
    list(JOIN cilp_mbedtls_given " -l" libraries_given)
    string(REGEX REPLACE "-l([-/])" "\\1" libraries_given
        " -l${libraries_given}")
endif()
foreach(library IN LISTS libraries)
    get_target_property(package ${library} OUTPUT_NAME)    # cilp, cilp-hidden
    set(more " -isystem \${includedir}/cilp-mbedtls")
    if(library STREQUAL "cilp_hidden" OR cilp_mbedtls_given)
        set(more "")
    endif()
    configure_file(cilp.pc.in ${made}/${package}.pc @ONLY)
    install(FILES ${made}/${package}.pc COMPONENT library
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

cilp_install_licences(library)
