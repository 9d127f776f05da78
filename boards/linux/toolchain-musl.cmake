# toolchain-musl.cmake - static-PIE programs on musl, with gcc or clang.
#
# Takes musl from CILP_MUSL_INCLUDE and CILP_MUSL_LIB, by default where the
# distribution's packages put it. Does not use the musl-gcc wrapper: Debian
# 12's silently makes a *dynamic* PIE of `musl-gcc -static-pie`, because its
# specs know neither rcrt1.o nor --no-dynamic-linker. gcc gets specs of our
# own, clang gets the same facts as plain flags.
#
# A compiler whose own libc is musl (Alpine) needs none of this.

set(CMAKE_SYSTEM_NAME Linux)
if(NOT CMAKE_SYSTEM_PROCESSOR)
    set(CMAKE_SYSTEM_PROCESSOR ${CMAKE_HOST_SYSTEM_PROCESSOR})
endif()
if(NOT CMAKE_C_COMPILER)
    set(CMAKE_C_COMPILER gcc)
endif()

# These reach the small projects by which CMake tries the compiler out.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES
    CILP_MUSL_INCLUDE CILP_MUSL_LIB)

# ---- Where musl is ----------------------------------------------------------

execute_process(COMMAND ${CMAKE_C_COMPILER} -dumpmachine
    OUTPUT_VARIABLE _machine OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX REPLACE "-.*" "" _arch "${_machine}")
if(NOT CILP_MUSL_LIB AND NOT _machine MATCHES "musl")
    foreach(_try
            "/usr/include/${_arch}-linux-musl|/usr/lib/${_arch}-linux-musl"
            "/usr/${_arch}-linux-musl/include|/usr/${_arch}-linux-musl/lib"
            "/usr/lib/musl/include|/usr/lib/musl/lib"
            "/usr/local/musl/include|/usr/local/musl/lib")
        string(REPLACE "|" ";" _try "${_try}")
        list(GET _try 0 _inc)
        list(GET _try 1 _lib)
        if(EXISTS "${_lib}/rcrt1.o" AND EXISTS "${_inc}/stdio.h")
            set(CILP_MUSL_INCLUDE "${_inc}")
            set(CILP_MUSL_LIB "${_lib}")
            break()
        endif()
    endforeach()
    if(NOT CILP_MUSL_LIB)
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
-nostdlib -static -pie --no-dynamic-linker -z text

*esp_link:


*esp_options:


*esp_cpp_options:


")
    string(REPLACE "@I@" "${CILP_MUSL_INCLUDE}" _text "${_text}")
    string(REPLACE "@L@" "${CILP_MUSL_LIB}" _text "${_text}")
    # Rewritten only when it changes: everything that is compiled depends on it.
    set(_have "")
    if(EXISTS "${_specs}")
        file(READ "${_specs}" _have)
    endif()
    if(NOT _have STREQUAL _text)
        file(WRITE "${_specs}" "${_text}")
    endif()
    set(CMAKE_C_FLAGS_INIT "-specs=${_specs}")
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
