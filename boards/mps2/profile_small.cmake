# The least RAM: records of 8 KB, chains up to RSA-2048 or P-384, tokens of
# 2 KB.
set(CILP_TLS_IN 8192)
set(CILP_TLS_OUT 1024)
set(CILP_TLS_ARENA 28672)
set(CILP_TLS_STREAMS 1)
# A tenth more instructions for 4 KB less of program.
set(CILP_CRYPTO_OPTIMIZE -Os)
set(CILP_TLS_AHEAD 256)
set(CILP_IO_MAX 2048)
set(CILP_TOKEN_MAX 2048)
set(BOARD_LWIP MPS2_WINDOW=2 MPS2_PBUFS=4 MPS2_HEAP=2560)
