# toolchain-musl.cmake - static-PIE programs on musl, with gcc or clang.
#
# The compiler decides for which machine: CMAKE_C_COMPILER may be a cross gcc.
# Takes musl from CILP_MUSL_INCLUDE and CILP_MUSL_LIB, by default where the
# distribution's packages put it; another machine's is fetched into the build
# folder if it is not there (foreign_musl.cmake). Does not use the musl-gcc wrapper: Debian
# 12's silently makes a *dynamic* PIE of `musl-gcc -static-pie`, because its
# specs know neither rcrt1.o nor --no-dynamic-linker. gcc gets specs of our
# own, clang gets the same facts as plain flags.
#
# A compiler whose own libc is musl (Alpine) needs none of this.

set(CMAKE_SYSTEM_NAME Linux)
if(NOT CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER gcc)
endif()

# These reach the small projects by which CMake tries the compiler out.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES
    CILP_MUSL_INCLUDE CILP_MUSL_LIB)

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
    set(_triple ${_arch}-linux-musl${_abi})
    set(_native "")
    if(_arch STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
        set(_native "/usr/lib/musl/include|/usr/lib/musl/lib"
            "/usr/local/musl/include|/usr/local/musl/lib")
    endif()
    foreach(_try
            "/usr/include/${_triple}|/usr/lib/${_triple}"
            "/usr/${_triple}/include|/usr/${_triple}/lib"
            ${_native})
        string(REPLACE "|" ";" _try "${_try}")
        list(GET _try 0 _inc)
        list(GET _try 1 _lib)
        if(EXISTS "${_lib}/rcrt1.o" AND EXISTS "${_inc}/stdio.h")
            set(CILP_MUSL_INCLUDE "${_inc}")
            set(CILP_MUSL_LIB "${_lib}")
            break()
        endif()
    endforeach()
    if(NOT CILP_MUSL_LIB AND NOT _native)
        include(${CMAKE_CURRENT_LIST_DIR}/foreign_musl.cmake)
        cilp_foreign_musl(${_triple} ${CMAKE_BINARY_DIR}/musl)
    elseif(NOT CILP_MUSL_LIB)
        message(FATAL_ERROR "No musl with rcrt1.o for ${_arch} was found. "
            "Install it (Debian, Ubuntu: musl-tools; Fedora: musl-devel "
            "musl-libc-static; Arch: musl), or give its folders with "
            "-DCILP_MUSL_INCLUDE= and -DCILP_MUSL_LIB=")
    endif()
endif()

# ---- How to use it ----------------------------------------------------------

# The compiler's name for one of its own files.
function(_cilp_own_file name variable)
    execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=${name}
        OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(${variable} "${path}" PARENT_SCOPE)
endfunction()

if(_machine MATCHES "musl")
    set(CMAKE_EXE_LINKER_FLAGS_INIT "-static-pie")
elseif(CMAKE_C_COMPILER MATCHES "clang")
    _cilp_own_file(crtbeginS.o _begin)
    _cilp_own_file(crtendS.o _end)
    _cilp_own_file(include _builtin)
    execute_process(
        COMMAND ${CMAKE_C_COMPILER} --rtlib=libgcc -print-libgcc-file-name
        OUTPUT_VARIABLE _libgcc OUTPUT_STRIP_TRAILING_WHITESPACE)
    set(CMAKE_C_FLAGS_INIT
        "-nostdinc -isystem ${CILP_MUSL_INCLUDE} -isystem ${_builtin}")
    # lld, because clang's link-time optimisation then needs no plugin.
    set(CMAKE_EXE_LINKER_FLAGS_INIT
        "-fuse-ld=lld -nostdlib -static-pie -Wl,-z,text -Wno-unused-command-line-argument")
    set(CMAKE_C_LINK_EXECUTABLE
        "<CMAKE_C_COMPILER> <FLAGS> <CMAKE_C_LINK_FLAGS> <LINK_FLAGS> ${CILP_MUSL_LIB}/rcrt1.o ${CILP_MUSL_LIB}/crti.o ${_begin} <OBJECTS> -o <TARGET> <LINK_LIBRARIES> -Wl,--start-group ${CILP_MUSL_LIB}/libc.a ${_libgcc} -Wl,--end-group ${_end} ${CILP_MUSL_LIB}/crtn.o")
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
    set(CMAKE_C_FLAGS_INIT "-specs=${_specs}")
    if(_arch STREQUAL "aarch64")
        # libgcc's choice between two kinds of atomics asks glibc. And no
        # RELRO: for pages of 64 KB, which this machine may have, it pads the
        # file by 31 KB. Nor are its relocations packed (start.c): the tables of
        # two curves, pointers most of them, make room.
        string(APPEND CMAKE_C_FLAGS_INIT " -mno-outline-atomics")
        set(CILP_NO_RELRO ON)
        set(CILP_TLS_NO_CURVE_TABLES ON)
    endif()
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
