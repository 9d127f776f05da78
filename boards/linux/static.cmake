# static.cmake - what CILP_STATIC_PROGRAM promises: one file for Linux that
# needs nothing beside it, at an address that nobody knows beforehand. A small
# program is linked as the real one will be, and looked at: whatever flags a
# user, a packager or a toolchain has added, a build that would be another kind
# of program stops here.
#
# boards/linux/toolchain-musl.cmake gives a compiler musl; a compiler whose own
# libc is musl needs telling here alone.
include(CheckCSourceCompiles)

if(NOT CILP_LIBC_FLAGS)
    set(CMAKE_POSITION_INDEPENDENT_CODE ON)
    add_link_options(-static-pie)
    set(_cilp_static_pie -static-pie)
endif()

# ---- Which C library --------------------------------------------------------

check_c_source_compiles("#include <features.h>
    #if !defined __GLIBC__ || defined __UCLIBC__
    #error another one
    #endif
    int main(void) { return 0; }" CILP_LIBC_IS_GLIBC)
if(CILP_LIBC_IS_GLIBC)
    message(FATAL_ERROR "CILP_STATIC_PROGRAM=ON, and the C library of "
        "${CMAKE_C_COMPILER} is glibc, whose getaddrinfo() loads shared "
        "libraries: the program would not be static. Take musl (cmake --preset "
        "linux, or -DCMAKE_TOOLCHAIN_FILE=${CMAKE_CURRENT_LIST_DIR}/"
        "toolchain-musl.cmake in a new build folder), or leave "
        "CILP_STATIC_PROGRAM out for a program that is linked with glibc as "
        "usual")
endif()

# What is linked in: the SBOM names it by its bytes, and its version says what
# it can do. Nothing of this is known of a libc.a that is not musl's.
set(CILP_LIBC_A "${CILP_MUSL_LIB}/libc.a")
if(NOT CILP_MUSL_LIB)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libc.a
        OUTPUT_VARIABLE CILP_LIBC_A OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
set(CILP_MUSL_VERSION "")
if(EXISTS "${CILP_LIBC_A}")
    file(STRINGS "${CILP_LIBC_A}" _cilp_lines REGEX "^1\\.[0-9]+\\.[0-9]+$")
    if(_cilp_lines)
        list(GET _cilp_lines 0 CILP_MUSL_VERSION)
    endif()
endif()

# Its notices, which go with every copy: given, the package's, or where musl's
# own sources and Debian's packages have them.
set(CILP_MUSL_LICENCE "" CACHE FILEPATH "musl's licence, if musl is given")
foreach(_cilp_file ${CILP_MUSL_LIB}/../COPYRIGHT
        ${CILP_MUSL_LIB}/../../share/doc/musl-dev/copyright)
    if(CILP_MUSL_LIB AND NOT CILP_MUSL_LICENCE AND EXISTS "${_cilp_file}")
        set(CILP_MUSL_LICENCE "${_cilp_file}")
    endif()
endforeach()

# ---- Which kind of program --------------------------------------------------

# Set `variable` to the number of `count` bytes at `at` of the file that `bytes`
# is, in hex.
macro(_cilp_number bytes at count variable)
    set(${variable} "")
    foreach(_i RANGE 1 ${count})
        math(EXPR _byte "2 * (${at} + ${_i} - 1)")
        string(SUBSTRING "${${bytes}}" ${_byte} 2 _byte)
        if(_cilp_is_little)
            string(PREPEND ${variable} "${_byte}")
        else()
            string(APPEND ${variable} "${_byte}")
        endif()
    endforeach()
    math(EXPR ${variable} "0x${${variable}}")
endmacro()

# Set `variable` to why `file` is no static-PIE, or to nothing. It is read by
# its ELF header (generic ABI, "ELF Header", "Program Header").
function(cilp_why_not_static_pie file variable)
    file(READ "${file}" head LIMIT 4096 HEX)
    set(${variable} "it is no ELF file" PARENT_SCOPE)
    if(NOT head MATCHES "^7f454c460([12])0([12])")
        return()
    endif()
    set(class ${CMAKE_MATCH_1})
    set(_cilp_is_little FALSE)
    if(CMAKE_MATCH_2 EQUAL 1)
        set(_cilp_is_little TRUE)
    endif()
    _cilp_number(head 16 2 type)
    if(class EQUAL 2)
        _cilp_number(head 32 8 at)
        _cilp_number(head 54 2 size)
        _cilp_number(head 56 2 count)
    else()
        _cilp_number(head 28 4 at)
        _cilp_number(head 42 2 size)
        _cilp_number(head 44 2 count)
    endif()
    if(NOT type EQUAL 3)    # ET_DYN
        set(${variable} "it runs at a fixed address (ELF type ${type})"
            PARENT_SCOPE)
        return()
    endif()
    math(EXPR end "${at} + ${size} * ${count}")
    if(count EQUAL 0 OR end GREATER 4096)
        set(${variable} "its program headers are not where they always are"
            PARENT_SCOPE)
        return()
    endif()
    set(has_dynamic FALSE)
    foreach(i RANGE 1 ${count})
        _cilp_number(head ${at} 4 kind)
        math(EXPR at "${at} + ${size}")
        if(kind EQUAL 3)    # PT_INTERP
            set(${variable} "it needs a loader (PT_INTERP)" PARENT_SCOPE)
            return()
        elseif(kind EQUAL 2)    # PT_DYNAMIC: where its relocations are
            set(has_dynamic TRUE)
        endif()
    endforeach()
    if(NOT has_dynamic)
        set(${variable} "it cannot be relocated (no PT_DYNAMIC)" PARENT_SCOPE)
        return()
    endif()
    set(${variable} "" PARENT_SCOPE)
endfunction()

# Link a program with a table of pointers, and the link options in ARGN; set
# `why` to why it is not what it has to be.
set(_cilp_probe ${PROJECT_BINARY_DIR}/CMakeFiles/static_probe)
function(_cilp_link_probe why)
    set(CMAKE_TRY_COMPILE_TARGET_TYPE EXECUTABLE)
    file(WRITE ${_cilp_probe}.c
        "static const char *const volatile words[] = {\"a\", \"b\", \"c\", \"d\"};\n"
        "int main(int count, char **value)\n"
        "{ return value && words[count & 3][0] == 'a'; }\n")
    file(REMOVE ${_cilp_probe})
    try_compile(is_linked ${PROJECT_BINARY_DIR} SOURCES ${_cilp_probe}.c
        CMAKE_FLAGS -DCMAKE_POSITION_INDEPENDENT_CODE=ON
        LINK_OPTIONS ${_cilp_static_pie} ${ARGN}
        OUTPUT_VARIABLE said COPY_FILE ${_cilp_probe})
    if(NOT is_linked)
        string(REGEX MATCH "[^\n]*(error|ld: |cannot find)[^\n]*" said "${said}")
        set(${why} "none can be linked: ${said}" PARENT_SCOPE)
        return()
    endif()
    cilp_why_not_static_pie(${_cilp_probe} reason)
    set(${why} "${reason}" PARENT_SCOPE)
endfunction()

_cilp_link_probe(_cilp_why)
if(_cilp_why)
    message(FATAL_ERROR "CILP_STATIC_PROGRAM=ON, and what ${CMAKE_C_COMPILER} "
        "makes is no static-PIE: ${_cilp_why}. Look at the flags that were "
        "given (CMAKE_C_FLAGS: '${CMAKE_C_FLAGS}'; CMAKE_EXE_LINKER_FLAGS: "
        "'${CMAKE_EXE_LINKER_FLAGS}') and at the C library, which has to have "
        "rcrt1.o and libc.a; or leave CILP_STATIC_PROGRAM out")
endif()

# ---- Packed relocations -----------------------------------------------------

# A program that may lie anywhere has a relocation for each pointer in its
# tables: 24 bytes each, or packed (DT_RELR) a bit each. Who applies them is
# musl, from 1.2.4 on; who packs them is the linker, on some machines only, and
# one that cannot may say so in a warning: the section tells.
set(_cilp_pack "")
if(NOT CILP_MUSL_VERSION)
    message(STATUS "The C library is not known to apply packed relocations: "
        "the program has plain ones")
elseif(CILP_MUSL_VERSION VERSION_LESS 1.2.4)
    message(STATUS "musl ${CILP_MUSL_VERSION}: it applies no packed "
        "relocations, so that the program grows, and asks no name server over "
        "TCP. 1.2.4 does both")
else()
    foreach(_cilp_flag -Wl,--pack-dyn-relocs=relr -Wl,-z,pack-relative-relocs)
        _cilp_link_probe(_cilp_why ${_cilp_flag})
        if(NOT _cilp_why)
            file(STRINGS ${_cilp_probe} _cilp_lines REGEX "\\.relr\\.dyn")
            if(_cilp_lines)
                set(_cilp_pack ${_cilp_flag})
                add_link_options(${_cilp_flag})
                break()
            endif()
        endif()
    endforeach()
    if(_cilp_pack)
        message(STATUS "musl ${CILP_MUSL_VERSION}; packed relocations")
    else()
        message(STATUS "musl ${CILP_MUSL_VERSION}; the linker packs no "
            "relocations for this machine")
    endif()
endif()
