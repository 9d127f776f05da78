# third_party.cmake - bring third-party sources in, pinned by content.
#
# Nothing is vendored. A source comes from the first of these that has it:
#   given         -DMBEDTLS_SOURCE_DIR=PATH, -DJSMN_SOURCE_DIR=PATH,
#                 -DLWIP_SOURCE_DIR=PATH: the pinned file itself (checked), or
#                 an unpacked folder of yours; mbedTLS 4.x, of which none is
#                 pinned, comes so alone
#   downloads     the folder CILP_DOWNLOADS, filled by hand or by an earlier run
#   upstream      the project's own release (CILP_<NAME>_URL replaces its address)
#   distribution  the Debian source package, see apt_source.sh
# CILP_THIRD_PARTY_WAYS says which are tried, in order; "given" alone asks nobody
# and needs no network.
# Whichever way the bytes came, their SHA-256 is compared with the one below;
# other bytes stop the build. A way that has nothing to give costs one line.
#
# Included, it gives cilp_third_party(<name> <variable>). Run as a script it
# does the same once, which is how tests/arch/third_party.sh tries every way:
#   cmake -DNAME=mbedtls -DOUT=folder [-DCILP_...] -P port/third_party.cmake

cmake_minimum_required(VERSION 3.25)

set(_cilp_port_dir "${CMAKE_CURRENT_LIST_DIR}")

# ---- What is pinned ---------------------------------------------------------

# One row a pin, in order of preference; fields are separated by "|":
#   version | file | SHA-256 | upstream address | source package | its suites |
#   member (the pinned file inside the source package's tarball, or nothing
#   when that tarball is the pinned file under another name)
set(_cilp_mbedtls_pins
    # 3.6.7 carries security fixes; 3.6.6 is what a stable Debian has.
    "3.6.7|mbedtls-3.6.7.tar.bz2|a7e8bcbec0e6f761b4af24f25677626b35f762f68eef79c08677a363212d11f6|https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-3.6.7/mbedtls-3.6.7.tar.bz2|mbedtls|sid trixie|"
    "3.6.6|mbedtls-3.6.6.tar.bz2|8fb65fae8dcae5840f793c0a334860a411f884cc537ea290ce1c52bb64ca007a|https://github.com/Mbed-TLS/mbedtls/releases/download/mbedtls-3.6.6/mbedtls-3.6.6.tar.bz2|mbedtls|trixie sid|")
set(_cilp_jsmn_pins
    "1.1.0|jsmn.h|1ed6154dedf009212a08a397e9c4ed50a0ce31d5a8301bb294e137ae3188c13b|https://raw.githubusercontent.com/zserge/jsmn/v1.1.0/jsmn.h|jsmn|trixie sid|jsmn.h")
# The same release twice, for Debian has taken its documents out (dfsg). Each
# row has one way besides the downloads folder: the other field is empty.
set(_cilp_lwip_pins
    "2.2.1|lwip-2.2.1.zip|7b622662dba2383d71f874f2e494b54ae948531559c17acbe75797966d646878|https://download.savannah.nongnu.org/releases/lwip/lwip-2.2.1.zip|lwip||"
    "2.2.1+dfsg1|lwip_2.2.1+dfsg1.orig.tar.xz|83729c274c499d3348e9fbbe043a3113f3fa8953e7efddc7c21c7fcbb1f2b7b1||lwip|trixie sid|")

# A file that tells an unpacked folder from any other folder.
set(_cilp_mbedtls_marker include/mbedtls/build_info.h)
set(_cilp_jsmn_marker jsmn.h)
set(_cilp_lwip_marker src/include/lwip/init.h)

# The parts of an archive worth unpacking; nothing means all.
set(_cilp_mbedtls_parts "*/include/*" "*/library/*" "*/3rdparty/*" "*/LICENSE")
set(_cilp_lwip_parts "*/src/*" "*/COPYING")

# The least version of an unpacked folder, and why.
set(_cilp_mbedtls_oldest 3.6.6)
set(_cilp_mbedtls_because "which carries security fixes this project counts on")
# One that is no use although it is newer.
set(_cilp_mbedtls_refused 4.1.0)
set(_cilp_mbedtls_refused_because
    "refuses TLS 1.2 servers that sign by RSA-PSS, which was mended after it")
set(_cilp_lwip_oldest 2.2.0)
set(_cilp_lwip_because "whose interface port/lwip is written to")

# ---- Settings ---------------------------------------------------------------

if(DEFINED ENV{CILP_DOWNLOADS})
    set(_cilp_downloads_default "$ENV{CILP_DOWNLOADS}")
elseif(NOT CMAKE_SCRIPT_MODE_FILE AND NOT PROJECT_IS_TOP_LEVEL)
    # These sources are another project's: nothing is written beside them.
    set(_cilp_downloads_default "${PROJECT_BINARY_DIR}/downloads")
else()
    set(_cilp_downloads_default "${_cilp_port_dir}/../build/downloads")
endif()
if(NOT CMAKE_SCRIPT_MODE_FILE)
    set(CILP_DOWNLOADS "${_cilp_downloads_default}" CACHE PATH
        "Where third-party archives are looked for first, and kept")
    set(CILP_THIRD_PARTY_WAYS downloads upstream distribution CACHE STRING
        "Ways tried, in order, for a third party whose path is not given")
    set(MBEDTLS_SOURCE_DIR "" CACHE PATH
        "mbedTLS: the pinned archive, or an unpacked folder (not hashed)")
    set(JSMN_SOURCE_DIR "" CACHE PATH "jsmn: jsmn.h, or the folder it is in")
    set(LWIP_SOURCE_DIR "" CACHE PATH
        "lwIP: a pinned archive, or an unpacked folder (not hashed)")
    set(CILP_MBEDTLS_URL "" CACHE STRING
        "Address of the mbedTLS archive, in place of the upstream one")
    set(CILP_JSMN_URL "" CACHE STRING
        "Address of jsmn.h, in place of the upstream one")
    set(CILP_LWIP_URL "" CACHE STRING
        "Address of the lwIP archive, in place of the upstream one")
else()
    if(NOT DEFINED CILP_DOWNLOADS)
        set(CILP_DOWNLOADS "${_cilp_downloads_default}")
    endif()
    if(NOT DEFINED CILP_THIRD_PARTY_WAYS)
        set(CILP_THIRD_PARTY_WAYS downloads upstream distribution)
    endif()
endif()

# Seconds until an upstream that does not answer is given up. It is asked for
# its first kilobyte only; the archive itself may then take as long as it moves.
set(_cilp_probe_s 8)

# ---- Helpers ----------------------------------------------------------------

# Split a pin into the caller's variables p_version, p_file, ...
macro(_cilp_pin row)
    string(REPLACE "|" ";" _fields "${row}|")
    list(GET _fields 0 p_version)
    list(GET _fields 1 p_file)
    list(GET _fields 2 p_sha256)
    list(GET _fields 3 p_url)
    list(GET _fields 4 p_package)
    list(GET _fields 5 p_suites)
    list(GET _fields 6 p_member)
endmacro()

# Stop unless `file` holds exactly the pinned bytes.
function(_cilp_check file expected way)
    file(SHA256 "${file}" got)
    if(NOT got STREQUAL expected)
        message(FATAL_ERROR "SHA-256 mismatch: ${file}\n"
            "  came by   ${way}\n"
            "  expected  ${expected}\n"
            "  got       ${got}\n"
            "These are not the pinned bytes; nothing of them is used.")
    endif()
endfunction()

# Make `src`, already checked, available as a folder; an archive is unpacked.
function(_cilp_unpack name src sha256 out)
    set(dir "${out}/${name}")
    set(stamp "${dir}.sha256")
    set(have "")
    if(EXISTS "${stamp}")
        file(READ "${stamp}" have)
    endif()
    if(NOT have STREQUAL sha256)
        file(REMOVE_RECURSE "${dir}")
        file(MAKE_DIRECTORY "${dir}")
        if(src MATCHES "\\.h$")
            # Under its own name: a folder of downloads may need another.
            file(COPY_FILE "${src}" "${dir}/${_cilp_${name}_marker}")
        elseif(DEFINED _cilp_${name}_parts)
            file(ARCHIVE_EXTRACT INPUT "${src}" DESTINATION "${dir}"
                PATTERNS ${_cilp_${name}_parts})
        else()
            file(ARCHIVE_EXTRACT INPUT "${src}" DESTINATION "${dir}")
        endif()
        file(WRITE "${stamp}" "${sha256}")
    endif()
    file(GLOB top LIST_DIRECTORIES true "${dir}/*")
    set(found "${dir}")
    if(NOT EXISTS "${dir}/${_cilp_${name}_marker}")
        list(GET top 0 found)
    endif()
    if(NOT EXISTS "${found}/${_cilp_${name}_marker}")
        message(FATAL_ERROR "${name}: ${src} holds no ${_cilp_${name}_marker}")
    endif()
    set(_cilp_dir "${found}" PARENT_SCOPE)
endfunction()

# ---- The ways ---------------------------------------------------------------
# Each sets _cilp_got to a checked file, or leaves it empty and _cilp_why set.

function(_cilp_from_downloads)
    set(_cilp_got "" PARENT_SCOPE)
    set(_cilp_why "not in ${CILP_DOWNLOADS}" PARENT_SCOPE)
    string(REGEX MATCH "\\.(tar\\.[a-z0-9]+|zip)$" ext "${p_file}")
    foreach(f "${p_file}" "${p_package}_${p_version}.orig${ext}")
        if(EXISTS "${CILP_DOWNLOADS}/${f}")
            _cilp_check("${CILP_DOWNLOADS}/${f}" ${p_sha256} "downloads folder")
            set(_cilp_got "${CILP_DOWNLOADS}/${f}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
endfunction()

# Keep a fetched file under its name, once its bytes are known to be right. An
# interrupted fetch leaves only the .part, which nobody looks for.
macro(_cilp_keep part way)
    _cilp_check("${part}" ${p_sha256} "${way}")
    file(RENAME "${part}" "${CILP_DOWNLOADS}/${p_file}")
    set(_cilp_got "${CILP_DOWNLOADS}/${p_file}" PARENT_SCOPE)
endmacro()

function(_cilp_from_upstream)
    set(_cilp_got "" PARENT_SCOPE)
    if(NOT p_url)
        set(_cilp_why "upstream has no such file" PARENT_SCOPE)
        return()
    endif()
    set(url "${p_url}")
    if(CILP_${P_NAME}_URL)
        set(url "${CILP_${P_NAME}_URL}")
    endif()
    set(part "${CILP_DOWNLOADS}/${p_file}.part")
    file(DOWNLOAD "${url}" "${part}" RANGE_END 1023 TIMEOUT ${_cilp_probe_s}
        STATUS st)
    if(st MATCHES "^0;")
        file(DOWNLOAD "${url}" "${part}" INACTIVITY_TIMEOUT 30 STATUS st)
    endif()
    if(NOT st MATCHES "^0;")
        file(REMOVE "${part}")
        list(GET st 1 why)
        set(_cilp_why "${url}: ${why}" PARENT_SCOPE)
        return()
    endif()
    _cilp_keep("${part}" "upstream release, ${url}")
endfunction()

function(_cilp_from_distribution)
    set(_cilp_got "" PARENT_SCOPE)
    if(NOT p_suites)
        set(_cilp_why "no source package has this file" PARENT_SCOPE)
        return()
    endif()
    set(work "${CILP_DOWNLOADS}/apt-${p_package}-${p_version}")
    string(REPLACE " " ";" suites "${p_suites}")
    execute_process(
        COMMAND sh "${_cilp_port_dir}/apt_source.sh" "${work}" ${p_package}
            ${p_version} ${suites}
        RESULT_VARIABLE rc OUTPUT_VARIABLE tarball ERROR_VARIABLE why
        OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
    if(NOT rc EQUAL 0)
        file(REMOVE_RECURSE "${work}")
        set(_cilp_why "${why}" PARENT_SCOPE)
        return()
    endif()
    set(part "${CILP_DOWNLOADS}/${p_file}.part")
    if(p_member)
        file(ARCHIVE_EXTRACT INPUT "${tarball}" DESTINATION "${work}/x")
        file(GLOB_RECURSE member "${work}/x/${p_member}")
        list(GET member 0 tarball)
    endif()
    file(RENAME "${tarball}" "${part}")
    file(REMOVE_RECURSE "${work}")
    _cilp_keep("${part}" "distribution's source package ${p_package}")
endfunction()

# What was given was found before any other way.
function(_cilp_from_given)
    set(_cilp_got "" PARENT_SCOPE)
    set(_cilp_why "${P_NAME}_SOURCE_DIR is empty" PARENT_SCOPE)
endfunction()

# ---- A path given by the user -----------------------------------------------

# mbedTLS says its version in one string, lwIP in three numbers.
function(_cilp_version file variable)
    file(STRINGS "${file}" lines REGEX
        "define +(MBEDTLS_VERSION_STRING +\"|LWIP_VERSION_(MAJOR|MINOR|REVISION) )")
    string(REGEX REPLACE "#define +[A-Z_]+ +\"?([0-9.]+)[^;]*" "\\1" numbers
        "${lines}")
    list(JOIN numbers "." version)
    set(${variable} "${version}" PARENT_SCOPE)
endfunction()

# An unpacked folder may be patched on purpose, so it has no hash to check; but
# an mbedTLS without the fixes we count on must not slip in unseen.
function(_cilp_given_folder name path)
    if(NOT EXISTS "${path}/${_cilp_${name}_marker}")
        message(FATAL_ERROR "${P_NAME}_SOURCE_DIR=${path}: "
            "has no ${_cilp_${name}_marker}")
    endif()
    if(name STREQUAL "jsmn")
        _cilp_pin("${_cilp_jsmn_pins}")
        _cilp_check("${path}/jsmn.h" ${p_sha256} "given path")
        message(STATUS "${name} ${p_version}: ${path}/jsmn.h, as pinned")
        return()
    endif()
    _cilp_version("${path}/${_cilp_${name}_marker}" version)
    if(version VERSION_LESS _cilp_${name}_oldest)
        message(FATAL_ERROR "${P_NAME}_SOURCE_DIR=${path}: version '${version}'"
            " is older than ${_cilp_${name}_oldest}, ${_cilp_${name}_because}")
    endif()
    if(DEFINED _cilp_${name}_refused AND
            version VERSION_EQUAL _cilp_${name}_refused)
        message(FATAL_ERROR "${P_NAME}_SOURCE_DIR=${path}: version '${version}'"
            " ${_cilp_${name}_refused_because}: take another")
    endif()
    message(STATUS "${name} ${version}: ${path}, given by you, not hash-checked")
endfunction()

function(_cilp_given_file name path out)
    foreach(row IN LISTS _cilp_${name}_pins)
        _cilp_pin("${row}")
        list(APPEND known ${p_sha256})
        file(SHA256 "${path}" got)
        if(got STREQUAL p_sha256)
            _cilp_unpack(${name} "${path}" ${p_sha256} "${out}")
            message(STATUS "${name} ${p_version}: ${path}, as pinned")
            set(_cilp_dir "${_cilp_dir}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    # Not pinned yet: whoever gives it has looked at it. Its folders differ from
    # release to release.
    if(name STREQUAL "mbedtls" AND path MATCHES "mbedtls-4[^/]*\\.tar\\.")
        unset(_cilp_mbedtls_parts)
        _cilp_unpack(mbedtls "${path}" ${got} "${out}")
        _cilp_given_folder(mbedtls "${_cilp_dir}")
        set(_cilp_dir "${_cilp_dir}" PARENT_SCOPE)
        return()
    endif()
    list(JOIN known " or " known)
    _cilp_check("${path}" "${known}" "given path, ${P_NAME}_SOURCE_DIR")
endfunction()

# ---- The one function for others --------------------------------------------

# Set `variable` to a folder with the sources of `name` (mbedtls, jsmn, lwip).
# Unpacks below `out`, by default <build>/third_party.
function(cilp_third_party name variable)
    set(out "${PROJECT_BINARY_DIR}/third_party")
    if(ARGC GREATER 2)
        set(out "${ARGV2}")
    endif()
    string(TOUPPER ${name} P_NAME)
    set(given "${${P_NAME}_SOURCE_DIR}")
    if(given AND IS_DIRECTORY "${given}")
        _cilp_given_folder(${name} "${given}")
        set(${variable} "${given}" PARENT_SCOPE)
        return()
    elseif(given AND EXISTS "${given}")
        _cilp_given_file(${name} "${given}" "${out}")
        set(${variable} "${_cilp_dir}" PARENT_SCOPE)
        return()
    elseif(given)
        message(FATAL_ERROR "${P_NAME}_SOURCE_DIR=${given}: no such path")
    endif()
    set(tried "")
    foreach(row IN LISTS _cilp_${name}_pins)
        _cilp_pin("${row}")
        foreach(way IN LISTS CILP_THIRD_PARTY_WAYS)
            if(NOT COMMAND _cilp_from_${way})
                message(FATAL_ERROR "CILP_THIRD_PARTY_WAYS: there is no way "
                    "'${way}'; there are given, downloads, upstream and "
                    "distribution")
            endif()
            cmake_language(CALL _cilp_from_${way})
            if(_cilp_got)
                _cilp_unpack(${name} "${_cilp_got}" ${p_sha256} "${out}")
                message(STATUS
                    "${name} ${p_version}: ${way}, ${_cilp_got}, as pinned")
                set(${variable} "${_cilp_dir}" PARENT_SCOPE)
                return()
            endif()
            message(STATUS "${name} ${p_version}: ${way}: ${_cilp_why}")
            string(APPEND tried "  ${p_version} ${way}: ${_cilp_why}\n")
        endforeach()
    endforeach()
    message(FATAL_ERROR "${name}: could not be had.\n${tried}"
        "Put ${p_file} into ${CILP_DOWNLOADS}, or give its path with "
        "-D${P_NAME}_SOURCE_DIR=")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    cilp_third_party(${NAME} dir "${OUT}")
    message(STATUS "${NAME}: ${dir}")
endif()
