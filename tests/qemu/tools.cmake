# tools.cmake - what runs the board CILP_BOARD in QEMU and what builds it, by the facts
# in its board.cmake. For run.sh, in the project's root.
include(boards/facts.cmake)
if(NOT BOARD_RUN)
    message(FATAL_ERROR "boards/${CILP_BOARD}/board.cmake does not set BOARD_RUN: "
        "how QEMU runs the board")
endif()
include(${CMAKE_TOOLCHAIN_FILE})
list(GET BOARD_RUN 0 emulator)
execute_process(COMMAND ${CMAKE_COMMAND} -E echo "${emulator} ${CMAKE_C_COMPILER}")
