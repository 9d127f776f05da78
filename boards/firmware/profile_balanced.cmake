# Any server: records of 16 KB, chains up to RSA-4096, tokens of 4 KB (which
# leave in pieces).
set(CILP_TLS_IN 16384)
set(CILP_TLS_OUT 2048)
set(CILP_TLS_ARENA 43008)
set(CILP_TLS_STREAMS 1)
# A tenth more instructions for 4 KB less of program.
set(CILP_CRYPTO_OPTIMIZE -Os)
set(CILP_TLS_AHEAD 512)
# No RAM beside: the same bytes hold a second set of keys where roles are assumed.
set(CILP_IO_MAX 4096)
set(BOARD_LWIP BOARD_MSS=1460 BOARD_WINDOW=3 BOARD_PBUFS=5 BOARD_HEAP=4096)
