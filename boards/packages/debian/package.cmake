# package.cmake - the Debian package of the static program:
#
#     cd build/linux && cpack -D CPACK_PACKAGE_CONTACT="NAME <ADDRESS>"
#
# Whoever packs it is its maintainer: without a contact cpack stops. The library
# is not in it: it belongs into a build with the distribution's own libc.
if(NOT CILP_STATIC_PROGRAM)
    return()
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_SOURCE_GENERATOR "")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};cilp;program;/")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_CILP_STRIP ${CMAKE_STRIP})    # for finish.cmake
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/finish.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)

set(CPACK_PACKAGE_VENDOR "")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "give back the use of EC2 images that other accounts shared")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Removes the caller's own AWS account from the launch permissions of an AMI
that another account shared with it, which EC2 calls
CancelImageLaunchPermission; lists such AMIs; and says what stands in the way.

The program is static, has Amazon's roots inside, and needs no other file.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

# Of the program, not of the machine that packs.
foreach(row "x86_64|amd64" "aarch64|arm64" "arm.*|armhf" "riscv64|riscv64")
    string(REPLACE "|" ";" row "${row}")
    list(GET row 0 pattern)
    if(CMAKE_SYSTEM_PROCESSOR MATCHES "^${pattern}$")
        list(GET row 1 CPACK_DEBIAN_PACKAGE_ARCHITECTURE)
    endif()
endforeach()

include(CPack)
