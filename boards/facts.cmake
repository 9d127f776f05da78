# The facts of the board that is built, and that none is missing: before a compiler is
# looked for, as a build folder keeps the first one. boards/CMakeLists.txt says what
# each is.
if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/boards/${CILP_BOARD}/board.cmake)
    message(FATAL_ERROR "boards/${CILP_BOARD}/board.cmake is not there: it says what "
        "the board is. boards/README.md is the way to one of your own")
endif()
include(boards/${CILP_BOARD}/board.cmake)

# PROJECT_IS_TOP_LEVEL is known after project() alone.
set(is_top_level OFF)
if(CMAKE_CURRENT_SOURCE_DIR STREQUAL CMAKE_SOURCE_DIR)
    set(is_top_level ON)
endif()

set(facts PORT)
# What the option will be, which needs the project.
set(wants_image ${is_top_level})
if(DEFINED CILP_IMAGE)
    set(wants_image ${CILP_IMAGE})
endif()
# Without a CMakeLists.txt of its own it is a firmware.
set(makes_firmware OFF)
if(wants_image AND
        NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/boards/${CILP_BOARD}/CMakeLists.txt)
    set(makes_firmware ON)
    list(APPEND facts SOURCES LINKER_SCRIPT LWIP_OPTIONS)
    if(NOT CMAKE_TOOLCHAIN_FILE)
        list(APPEND facts TOOLCHAIN)
    endif()
endif()
set(missing "")
foreach(fact IN LISTS facts)
    if(NOT BOARD_${fact})
        list(APPEND missing BOARD_${fact})
    endif()
endforeach()
if(missing)
    list(JOIN missing ", " missing)
    message(FATAL_ERROR "boards/${CILP_BOARD}/board.cmake does not set "
        "${missing}; boards/CMakeLists.txt says what each is")
endif()
if(makes_firmware AND NOT BOARD_ENTROPY)
    message(FATAL_ERROR "boards/${CILP_BOARD}/board.cmake names no source of "
        "random bytes (BOARD_ENTROPY). TLS without one is no TLS: name the "
        "file that defines cilp_port_entropy(), reading this chip's TRNG. "
        "boards/mps2/entropy_qemu.c is for QEMU only.")
endif()

# Part of another project: its toolchain.
if(BOARD_TOOLCHAIN AND is_top_level)
    get_filename_component(CMAKE_TOOLCHAIN_FILE ${BOARD_TOOLCHAIN} ABSOLUTE
        BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
endif()
