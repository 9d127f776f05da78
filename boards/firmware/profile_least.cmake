# The least flash and RAM: chains of four certificates as Amazon
# sends them (RSA-2048; P-384 as well), records and messages of 6 KB, tokens of
# 1 KB, keys that need no reply (CILP_KEYS=file). A server that sends longer ones is
# refused, and it is said why.
set(CILP_TLS_IN 6144)
set(CILP_TLS_OUT 768)
set(CILP_TLS_ARENA 27904)
set(CILP_TLS_STREAMS 1)
set(CILP_CRYPTO_OPTIMIZE -Os)
set(CILP_TLS_AHEAD 256)
set(CILP_IO_MAX 1024)
set(CILP_TOKEN_MAX 1024)
# Host names to 127 bytes (those of VPC endpoints have some 90), which lie in four
# places; half a kilobyte of what EC2 says, cut and marked as cut as ever.
set(CILP_HOST_MAX 127)
set(CILP_MESSAGE_MAX 512)
# What makes the program smaller: no tables of multiples of the curves' points, P-256
# alone for key exchange; which check failed is told by its number; lwIP without
# asserts, and deaf to a ping; and the linker sees all as one unit. TLS 1.2 is there:
# CILP_TLS_13_ONLY leaves it out.
set(CILP_TLS_NO_CURVE_TABLES ON)
set(CILP_TLS_NO_X25519 ON)
set(BOARD_WHAT_BY_NUMBER ON)
set(BOARD_LTO ON)
set(BOARD_LWIP BOARD_MSS=536 BOARD_WINDOW=4 BOARD_PBUFS=5 BOARD_HEAP=1600
    LWIP_NOASSERT=1 LWIP_ICMP=0)
