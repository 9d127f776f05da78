# Arm MPS2 with FPGA image AN500: Cortex-M7. Source: Arm DAI 0500.
set(BOARD_FLAGS -mcpu=cortex-m7 -mthumb)
set(BOARD_DEFINITIONS MPS2_ETHERNET=0xA0000000u)
set(BOARD_RUN qemu-system-arm -M mps2-an500)
include(boards/mps2/family.cmake)
