# The least RAM: records of 8 KB, chains of four certificates as Amazon sends them
# (RSA-2048; P-384 as well), tokens of 2 KB. Segments of 1 KB pay for the fourth
# certificate.
set(CILP_TLS_IN 8192)
set(CILP_TLS_OUT 1024)
set(CILP_TLS_ARENA 30208)
set(CILP_TLS_STREAMS 1)
# A tenth more instructions for 4 KB less of program.
set(CILP_CRYPTO_OPTIMIZE -Os)
set(CILP_TLS_AHEAD 256)
set(CILP_IO_MAX 2048)
set(CILP_TOKEN_MAX 2048)
set(BOARD_LWIP BOARD_MSS=1024 BOARD_WINDOW=2 BOARD_PBUFS=4 BOARD_HEAP=2560)
