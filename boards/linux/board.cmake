# A POSIX system. The toolchain is the preset's.
set(BOARD_PORT posix)
# Whatever a server can show can be an anchor; pages not touched cost nothing.
set(CILP_TRUST_CERT_MAX 16384)
