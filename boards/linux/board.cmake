# A POSIX system. The toolchain is the preset's.
set(BOARD_PORT posix)

# A size of port/mbedtls's, unless -D has another.
macro(board_size name value)
    if("${${name}}" STREQUAL "")
        set(${name} ${value})
    endif()
endmacro()

# Whatever a server can show can be an anchor; pages not touched cost nothing.
board_size(CILP_TRUST_CERT_MAX 16384)
# --regions: eight calls at a time, a question beside each of them, and the one
# that is always there; twice, with https:// proxies. Of this, too, what is not
# touched costs nothing.
board_size(CILP_TLS_STREAMS 34)
if(NOT CILP_MBEDTLS STREQUAL "given") # which has an allocator of its own
    board_size(CILP_TLS_ARENA 2097152)
endif()
