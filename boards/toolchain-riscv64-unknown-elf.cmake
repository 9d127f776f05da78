# Bare metal on RISC-V, 32 bit too: gcc, of whose C library nothing but memcpy and
# its like is linked. The board's own flags (-march=, -mabi=, --specs=) are in its
# board.cmake.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
