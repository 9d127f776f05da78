# Arm MPS2 with FPGA image AN385: Cortex-M3. Source: Arm DAI 0385.
set(BOARD_FLAGS -mcpu=cortex-m3 -mthumb)
set(BOARD_DEFINITIONS MPS2_ETHERNET=0x40200000u)
set(BOARD_RUN qemu-system-arm -M mps2-an385)
include(boards/mps2/family.cmake)
