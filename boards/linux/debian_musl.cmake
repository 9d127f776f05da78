# debian_musl.cmake - musl for compilers whose own C library is another one.
#
# Debian's musl-dev is unpacked into a folder: nothing is installed, the
# machine's own packages and its apt are as they were. It is the same for all
# machines, this one's too: out of CILP_DOWNLOADS, where an earlier run has left
# it or you have put it, else out of the Debian archive that the machine uses
# anyway (port/apt_package.sh), whose signature apt checks.

# What is pinned, one row a machine: musl's triple | Debian's name of it | the
# package's SHA-256
set(_cilp_musl_version 1.2.5-3.1~deb13u1)
set(_cilp_musl_pins
    "x86_64-linux-musl|amd64|a3f7d47e452129bb65aae201d6c115abf4d5d3efb136b38b7c6b4fa03ec065e9"
    "aarch64-linux-musl|arm64|384ea029e3694baac696d3993d93246f9a4b3741c493697e1ceb7256d8820748"
    "arm-linux-musleabihf|armhf|db485234c01cb9887da0907f3e47d36d101a3299528afd3bbeb46edd551c8264"
    "riscv64-linux-musl|riscv64|1666931c146dd7fec5902c7ecfbf0c8566528362c922a1cfa4ed91c6d3bc97ce")

# The first that asks name servers over TCP, and applies packed relocations.
set(_cilp_musl_oldest 1.2.4)

# "stable" is trixie's other name now: a mirror that is between two states may
# have one of them. The newest may be all that is left of either.
set(_cilp_musl_suites trixie stable sid)

# The folder where packages are kept: third_party.cmake's, which comes later.
function(_cilp_musl_downloads variable)
    set(downloads "${CILP_DOWNLOADS}")
    if(NOT downloads)
        set(downloads "$ENV{CILP_DOWNLOADS}")
    endif()
    if(NOT downloads)
        set(downloads "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../build/downloads")
    endif()
    get_filename_component(downloads "${downloads}" ABSOLUTE)
    set(${variable} "${downloads}" PARENT_SCOPE)
endfunction()

# Set `variable` to a package that lies in `downloads`: the pinned one; else the
# newest that is new enough; else nothing.
function(_cilp_musl_kept downloads arch variable)
    set(pinned "${downloads}/musl-dev_${_cilp_musl_version}_${arch}.deb")
    if(EXISTS "${pinned}")
        set(${variable} "${pinned}" PARENT_SCOPE)
        return()
    endif()
    file(GLOB kept "${downloads}/musl-dev_*_${arch}.deb")
    list(SORT kept COMPARE NATURAL ORDER DESCENDING)
    set(${variable} "" PARENT_SCOPE)
    foreach(file IN LISTS kept)
        string(REGEX REPLACE ".*/musl-dev_([0-9.]+).*" "\\1" version "${file}")
        if(NOT version VERSION_LESS _cilp_musl_oldest)
            set(${variable} "${file}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

# Bring the package out of the archive into `downloads`, or stop.
function(_cilp_musl_fetch downloads arch dir variable)
    set(why "distribution is not among CILP_THIRD_PARTY_WAYS")
    list(FIND CILP_THIRD_PARTY_WAYS distribution allowed)
    set(failed TRUE)
    if(NOT DEFINED CILP_THIRD_PARTY_WAYS OR allowed GREATER -1)
        message(STATUS "musl-dev of ${arch}: from Debian's archive")
        execute_process(
            COMMAND sh
                ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../../port/apt_package.sh
                "${dir}/apt" musl-dev ${arch} ${_cilp_musl_suites}
            RESULT_VARIABLE failed OUTPUT_VARIABLE package ERROR_VARIABLE why
            OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
    endif()
    if(failed)
        file(REMOVE_RECURSE "${dir}")
        message(FATAL_ERROR "musl for ${arch} could not be had: ${why}. Put "
            "Debian's musl-dev_${_cilp_musl_version}_${arch}.deb into "
            "${downloads}, or give the folders of another musl with "
            "-DCILP_MUSL_INCLUDE= and -DCILP_MUSL_LIB=")
    endif()
    # Under its last name only when it is whole.
    get_filename_component(name "${package}" NAME)
    file(MAKE_DIRECTORY "${downloads}")
    file(COPY_FILE "${package}" "${downloads}/${name}.part")
    file(RENAME "${downloads}/${name}.part" "${downloads}/${name}")
    file(REMOVE_RECURSE "${dir}/apt")
    set(${variable} "${downloads}/${name}" PARENT_SCOPE)
endfunction()

# Stop if `package` has the pinned version's name and other bytes; set
# `variable` to how it was checked.
function(_cilp_musl_check package arch sha256 variable)
    if(NOT package MATCHES "/musl-dev_${_cilp_musl_version}_${arch}\\.deb$")
        set(${variable} "not the pinned ${_cilp_musl_version}: not hash-checked"
            PARENT_SCOPE)
        return()
    endif()
    file(SHA256 "${package}" got)
    if(NOT got STREQUAL sha256)
        message(FATAL_ERROR "SHA-256 mismatch: ${package}\n"
            "  expected  ${sha256}\n"
            "  got       ${got}\n"
            "These are not the pinned bytes: remove the file and configure "
            "again.")
    endif()
    set(${variable} "as pinned" PARENT_SCOPE)
endfunction()

# A Debian package is an archive of archives, which CMake can read as well as
# dpkg-deb. Unpack its files into `dir`, or stop.
function(_cilp_musl_unpack package dir triple)
    file(MAKE_DIRECTORY "${dir}")
    execute_process(COMMAND ${CMAKE_COMMAND} -E tar xf "${package}"
        WORKING_DIRECTORY "${dir}" RESULT_VARIABLE failed OUTPUT_QUIET
        ERROR_VARIABLE why)
    file(GLOB data "${dir}/data.tar*")
    if(data AND NOT failed)
        execute_process(COMMAND ${CMAKE_COMMAND} -E tar xf "${data}"
            WORKING_DIRECTORY "${dir}" RESULT_VARIABLE failed OUTPUT_QUIET
            ERROR_VARIABLE why)
    endif()
    if(failed OR NOT EXISTS "${dir}/usr/lib/${triple}/rcrt1.o")
        file(REMOVE_RECURSE "${dir}")
        string(REGEX REPLACE "\n+" " " why "${why}")
        message(FATAL_ERROR "${package} cannot be unpacked, or has no "
            "${triple}/rcrt1.o: remove it and configure again. ${why}")
    endif()
    file(GLOB parts "${dir}/*.tar*")
    file(REMOVE ${parts} "${dir}/debian-binary")
endfunction()

# Sets CILP_MUSL_INCLUDE, CILP_MUSL_LIB, CILP_MUSL_LICENCE and, the package's
# name, CILP_MUSL_PACKAGE; unpacks into `dir` if need be.
function(cilp_debian_musl triple dir)
    set(row ${_cilp_musl_pins})
    list(FILTER row INCLUDE REGEX "^${triple}\\|")
    if(NOT row)
        message(FATAL_ERROR "No musl for ${triple} is known here. Give its "
            "folders with -DCILP_MUSL_INCLUDE= and -DCILP_MUSL_LIB=")
    endif()
    string(REPLACE "|" ";" row "${row}")
    list(GET row 1 arch)
    list(GET row 2 sha256)
    # What lies there of another pin is of no use.
    set(pin "${_cilp_musl_version} ${triple} ")
    set(have "")
    if(EXISTS "${dir}/from")
        file(STRINGS "${dir}/from" have)
    endif()
    string(FIND "${have}" "${pin}" at)
    if(NOT at EQUAL 0)
        file(REMOVE_RECURSE "${dir}")
        _cilp_musl_downloads(downloads)
        _cilp_musl_kept("${downloads}" ${arch} package)
        if(NOT package)
            _cilp_musl_fetch("${downloads}" ${arch} "${dir}" package)
        endif()
        _cilp_musl_check("${package}" ${arch} ${sha256} checked)
        _cilp_musl_unpack("${package}" "${dir}" ${triple})
        message(STATUS "musl-dev of ${arch}: ${package}, ${checked}")
        get_filename_component(name "${package}" NAME)
        set(have "${pin}${name}")
        file(WRITE "${dir}/from" "${have}\n")
    endif()
    string(REPLACE "${pin}" "" name "${have}")
    set(CILP_MUSL_PACKAGE "${name}" PARENT_SCOPE)
    set(CILP_MUSL_INCLUDE "${dir}/usr/include/${triple}" PARENT_SCOPE)
    set(CILP_MUSL_LIB "${dir}/usr/lib/${triple}" PARENT_SCOPE)
    set(CILP_MUSL_LICENCE "${dir}/usr/share/doc/musl-dev/copyright" PARENT_SCOPE)
endfunction()
