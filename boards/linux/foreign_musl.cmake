# foreign_musl.cmake - musl of another architecture, for the cross compilers.
#
# Debian's musl-dev of that architecture is unpacked into a folder: nothing is
# installed, the machine's own packages and its apt are as they were. The
# package comes from CILP_DOWNLOADS, where an earlier run has left it or you
# have put it, or from the Debian archive that the machine uses anyway
# (port/apt_package.sh), whose signature apt checks.

# One row an architecture: musl's triple | Debian's name of it
set(_cilp_foreign
    "x86_64-linux-musl|amd64"
    "aarch64-linux-musl|arm64"
    "arm-linux-musleabihf|armhf"
    "riscv64-linux-musl|riscv64")

# The suites to look into: the machine's own, then trixie, which is the first
# with riscv64 ("stable" is its other name now: a mirror that is between two
# states may have one of them), then the newest.
function(_cilp_suites variable)
    cmake_host_system_information(RESULT os QUERY DISTRIB_INFO)
    set(suites trixie stable sid)
    if("${os_ID}" STREQUAL "debian" AND os_VERSION_CODENAME)
        list(PREPEND suites ${os_VERSION_CODENAME})
        list(REMOVE_DUPLICATES suites)
    endif()
    set(${variable} "${suites}" PARENT_SCOPE)
endfunction()

# Set `variable` to the package's file, brought to the downloads folder.
function(_cilp_musl_package arch dir variable)
    set(downloads "${CILP_DOWNLOADS}")
    if(NOT downloads)
        set(downloads "$ENV{CILP_DOWNLOADS}")
    endif()
    if(NOT downloads)
        set(downloads "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../build/downloads")
    endif()
    file(GLOB kept "${downloads}/musl-dev_*_${arch}.deb")
    if(NOT kept)
        _cilp_suites(suites)
        message(STATUS "musl-dev of ${arch}: from Debian's archive")
        execute_process(
            COMMAND sh
                ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../port/apt_package.sh
                "${dir}/apt" musl-dev ${arch} ${suites}
            RESULT_VARIABLE failed OUTPUT_VARIABLE package ERROR_VARIABLE why
            OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
        if(failed)
            file(REMOVE_RECURSE "${dir}")
            message(FATAL_ERROR "musl for ${arch} could not be had: ${why}. "
                "Put Debian's musl-dev_VERSION_${arch}.deb into ${downloads}, "
                "or give the folders of another musl with "
                "-DCILP_MUSL_INCLUDE= and -DCILP_MUSL_LIB=")
        endif()
        file(COPY "${package}" DESTINATION "${downloads}")
        file(REMOVE_RECURSE "${dir}/apt")
        get_filename_component(name "${package}" NAME)
        set(kept "${downloads}/${name}")
    endif()
    list(SORT kept COMPARE NATURAL ORDER DESCENDING)
    list(GET kept 0 newest)
    set(${variable} "${newest}" PARENT_SCOPE)
endfunction()

# Sets CILP_MUSL_INCLUDE and CILP_MUSL_LIB; unpacks into `dir` if need be.
function(cilp_foreign_musl triple dir)
    set(row ${_cilp_foreign})
    list(FILTER row INCLUDE REGEX "^${triple}\\|")
    string(REGEX REPLACE ".*\\|" "" arch "${row}")
    if(NOT arch)
        message(FATAL_ERROR "No musl for ${triple} is known here. Give its "
            "folders with -DCILP_MUSL_INCLUDE= and -DCILP_MUSL_LIB=")
    endif()
    set(lib "${dir}/usr/lib/${triple}")
    if(NOT EXISTS "${dir}/from")
        _cilp_musl_package(${arch} "${dir}" package)
        execute_process(COMMAND dpkg-deb -x "${package}" "${dir}"
            RESULT_VARIABLE failed ERROR_VARIABLE why)
        if(failed OR NOT EXISTS "${lib}/rcrt1.o")
            file(REMOVE_RECURSE "${dir}")
            message(FATAL_ERROR "${package} cannot be unpacked, or has no "
                "${triple}/rcrt1.o: remove it and configure again. ${why}")
        endif()
        message(STATUS "musl-dev of ${arch}: ${package}")
        get_filename_component(name "${package}" NAME)
        file(WRITE "${dir}/from" "${name}\n")
    endif()
    set(CILP_MUSL_INCLUDE "${dir}/usr/include/${triple}" PARENT_SCOPE)
    set(CILP_MUSL_LIB "${lib}" PARENT_SCOPE)
endfunction()
