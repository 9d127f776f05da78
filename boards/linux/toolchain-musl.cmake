# toolchain-musl.cmake - static-PIE programs on musl, with gcc or clang.
#
# The compiler decides for which machine: CMAKE_C_COMPILER may be a cross gcc.
# Takes musl from CILP_MUSL_INCLUDE and CILP_MUSL_LIB, by default Debian's
# package, which is unpacked into the build folder (debian_musl.cmake). Does not
# use the musl-gcc wrapper: Debian 12's silently makes a *dynamic* PIE of
# `musl-gcc -static-pie`, because its specs know neither rcrt1.o nor
# --no-dynamic-linker. gcc gets specs of our own, clang gets the same facts as
# plain flags.
#
# They are options of the folder, not CMAKE_C_FLAGS: those are the user's to
# set (CFLAGS, LDFLAGS, -DCMAKE_C_FLAGS=), and come in addition.
#
# A compiler whose own libc is musl (Alpine) needs none of this, and gets none.

set(CMAKE_SYSTEM_NAME Linux)
if(NOT CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER gcc)
endif()

# These reach the small projects by which CMake tries the compiler out.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES
    CMAKE_C_COMPILER CILP_MUSL_INCLUDE CILP_MUSL_LIB)

# ---- Where musl is ----------------------------------------------------------

execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpmachine
    OUTPUT_VARIABLE _machine OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE _failed)
if(_failed)
    string(REGEX REPLACE "-gcc$" "" _package "${CMAKE_C_COMPILER}")
    message(FATAL_ERROR "${CMAKE_C_COMPILER} does not run (${_failed}). Install "
        "it (Debian, Ubuntu: gcc-${_package}), or name another compiler with "
        "-DCMAKE_C_COMPILER=")
endif()
string(REGEX REPLACE "-.*" "" _arch "${_machine}")
string(REGEX REPLACE ".*(gnu|musl)" "" _abi "${_machine}")    # "eabihf" of arm
set(CMAKE_SYSTEM_PROCESSOR ${_arch})
if(NOT CILP_MUSL_LIB AND NOT _machine MATCHES "musl")
    include(${CMAKE_CURRENT_LIST_DIR}/debian_musl.cmake)
    cilp_debian_musl(${_arch}-linux-musl${_abi} ${CMAKE_BINARY_DIR}/musl)
elseif(CILP_MUSL_LIB AND NOT EXISTS "${CILP_MUSL_LIB}/rcrt1.o")
    message(FATAL_ERROR "CILP_MUSL_LIB=${CILP_MUSL_LIB}: has no rcrt1.o, with "
        "which a static-PIE starts (musl from 1.1.21 on has one)")
elseif(CILP_MUSL_LIB AND NOT EXISTS "${CILP_MUSL_INCLUDE}/stdio.h")
    message(FATAL_ERROR "CILP_MUSL_INCLUDE=${CILP_MUSL_INCLUDE}: has no "
        "stdio.h. It is the folder of musl's headers, beside CILP_MUSL_LIB")
endif()

# ---- How to use it ----------------------------------------------------------

# The compiler's name for one of its own files.
function(_cilp_own_file name variable)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=${name}
        OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(${variable} "${path}" PARENT_SCOPE)
endfunction()

set(CILP_LIBC_FLAGS "")
if(_machine MATCHES "musl" AND NOT CILP_MUSL_LIB)
    # Its own are right; static.cmake says what it is to make.
elseif(CMAKE_C_COMPILER MATCHES "clang")
    _cilp_own_file(crtbeginS.o _begin)
    _cilp_own_file(crtendS.o _end)
    _cilp_own_file(include _builtin)
    execute_process(
        COMMAND ${CMAKE_C_COMPILER} --rtlib=libgcc -print-libgcc-file-name
        OUTPUT_VARIABLE _libgcc OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(CILP_LIBC_FLAGS -nostdinc "SHELL:-isystem ${CILP_MUSL_INCLUDE}"
        "SHELL:-isystem ${_builtin}")
    # lld, because clang's link-time optimisation then needs no plugin.
    set(CMAKE_C_LINK_EXECUTABLE
        "<CMAKE_C_COMPILER> <FLAGS> <CMAKE_C_LINK_FLAGS> <LINK_FLAGS> -fuse-ld=lld -nostdlib -static-pie -Wl,-z,text -Wno-unused-command-line-argument ${CILP_MUSL_LIB}/rcrt1.o ${CILP_MUSL_LIB}/crti.o ${_begin} <OBJECTS> -o <TARGET> <LINK_LIBRARIES> -Wl,--start-group ${CILP_MUSL_LIB}/libc.a ${_libgcc} -Wl,--end-group ${_end} ${CILP_MUSL_LIB}/crtn.o")
else()
    set(_specs "${CMAKE_BINARY_DIR}/musl-static-pie.specs")
    set(_text "%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem @I@ -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem @I@ -isystem include%s

*link_libgcc:
-L@L@ -L .%s

*libgcc:
libgcc.a%s %:if-exists(libgcc_eh.a%s)

*startfile:
@L@/rcrt1.o @L@/crti.o crtbeginS.o%s

*endfile:
crtendS.o%s @L@/crtn.o

*link:
-nostdlib -static -pie --no-dynamic-linker -z text @W@

*esp_link:


*esp_options:


*esp_cpp_options:


")
    string(REPLACE "@I@" "${CILP_MUSL_INCLUDE}" _text "${_text}")
    string(REPLACE "@L@" "${CILP_MUSL_LIB}" _text "${_text}")
    set(_words "")
    if(_arch STREQUAL "riscv64")
        # Debian 12's linker dies of trixie's debug sections: not read, then.
        # And where code asks the GOT for a symbol, it exports that symbol and
        # names it in a relocation. musl's start of a static-PIE applies
        # relative ones alone, and would leave NULL there.
        set(_words " -S --exclude-libs ALL")
    endif()
    string(REPLACE " @W@" "${_words}" _text "${_text}")
    # Rewritten only when it changes: everything that is compiled depends on it.
    set(_have "")
    if(EXISTS "${_specs}")
        file(READ "${_specs}" _have)
    endif()
    if(NOT _have STREQUAL _text)
        file(WRITE "${_specs}" "${_text}")
    endif()
    set(CILP_LIBC_FLAGS "-specs=${_specs}")
    add_link_options("-specs=${_specs}")
    if(_arch STREQUAL "aarch64")
        # libgcc's choice between two kinds of atomics asks glibc.
        list(APPEND CILP_LIBC_FLAGS -mno-outline-atomics)
    endif()
endif()
add_compile_options(${CILP_LIBC_FLAGS})
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
