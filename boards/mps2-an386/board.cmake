# Arm MPS2 with FPGA image AN386: Cortex-M4. Source: Arm DAI 0386.
set(BOARD_FLAGS -mcpu=cortex-m4 -mthumb)
set(BOARD_DEFINITIONS MPS2_ETHERNET=0x40200000u)
set(BOARD_RUN qemu-system-arm -M mps2-an386)
include(boards/mps2/family.cmake)
