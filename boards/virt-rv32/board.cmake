# QEMU's machine `virt` with one RV32IMAC. Source: QEMU's documentation and the
# device tree that it makes (-M virt,dumpdtb=).
include(boards/firmware/firmware.cmake)
set(BOARD_TOOLCHAIN boards/toolchain-riscv64-unknown-elf.cmake)
# The ISA by its version 2.2, in which CSRs are part of I: "rv32imac_zicsr" has no
# multilib, and gets a 64-bit libgcc.
set(BOARD_FLAGS -march=rv32imac -mabi=ilp32 -misa-spec=2.2 -msave-restore --specs=picolibc.specs)
set(BOARD_LINKER_SCRIPT boards/virt-rv32/virt.ld)
set(BOARD_SOURCES ${BOARD_SOURCES} boards/virt-rv32/start.c)
set(BOARD_SOURCES ${BOARD_SOURCES} boards/virt-rv32/virtio.c boards/virt-rv32/virtio_net.c)
set(BOARD_ENTROPY boards/virt-rv32/virtio_rng.c)

# What QEMU gives it. What tests/arch/stack.py has to know: the processor pushes
# nothing, and handlers save what they use.
set(BOARD_RUN qemu-system-riscv32 -M virt -bios none -device virtio-rng-device)
set(BOARD_RUN ${BOARD_RUN} -global virtio-mmio.force-legacy=false)
set(BOARD_NIC -device virtio-net-device,netdev=n0)
# X25519 takes two and a half times the instructions of a Cortex-M4, a power of RSA-4096
# five and a half times; without cilp_port_tick() it is fourteen times.
set(BOARD_SLOWER 5)
set(BOARD_INTERRUPTS timer_interrupt external_interrupt)
set(BOARD_EXCEPTION 0)
