# A POSIX system. The toolchain is the preset's.
set(BOARD_PORT posix)
# Whatever a server can show can be an anchor; pages not touched cost nothing.
set(CILP_TRUST_CERT_MAX 16384)
# --regions: eight calls at a time, a question beside each of them, and the one
# that is always there; twice, with https:// proxies. Of this, too, what is not
# touched costs nothing.
set(CILP_TLS_STREAMS 34)
set(BOARD_TLS_ARENA 2097152) # unless -DCILP_TLS_ARENA= has another
