# What the MPS2 boards have in common. Facts only: boards/CMakeLists.txt makes
# an image of them.
include(boards/firmware/firmware.cmake)
set(BOARD_TOOLCHAIN boards/toolchain-arm-none-eabi.cmake)
set(BOARD_LINKER_SCRIPT boards/mps2/mps2.ld)
set(BOARD_FLASH_ROOTS boards/firmware/trust_flash.c ${keys})
list(APPEND BOARD_SOURCES boards/mps2/lan9118.c boards/mps2/start.c)

# Random bytes. None of these boards has a generator: this takes the host's
# through QEMU and is FOR QEMU ONLY. A board with a TRNG names its own file.
set(BOARD_ENTROPY boards/mps2/entropy_qemu.c)

# The superloop as one of two tasks, for tests.
set(BOARD_TASK_TEST tests/qemu/two_tasks.c)

# What QEMU gives it, and what tests/arch/stack.py has to know: the exception
# frame is eight words, and one to align.
set(BOARD_NIC -net nic,model=lan9118,netdev=n0)
set(BOARD_INTERRUPTS systick lan9118_interrupt watchdog)
set(BOARD_EXCEPTION 36)
