# A POSIX system. The toolchain is the preset's.
set(BOARD_PORT posix)
