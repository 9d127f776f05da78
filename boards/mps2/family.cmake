# What the MPS2 boards have in common. Facts only: boards/CMakeLists.txt makes
# an image of them.
set(BOARD_PORT lwip)
set(BOARD_TOOLCHAIN boards/toolchain-arm-none-eabi.cmake)
set(BOARD_LWIP_OPTIONS ${CMAKE_CURRENT_LIST_DIR})
set(BOARD_LINKER_SCRIPT boards/mps2/mps2.ld)
set(BOARD_SOURCES
    boards/mps2/arena_check.c
    boards/mps2/clock.c
    boards/mps2/keys_file.c
    boards/mps2/lan9118.c
    boards/mps2/main.c
    boards/mps2/net.c
    boards/mps2/report.c
    boards/mps2/say.c
    boards/mps2/semihost.c
    boards/mps2/settings.c
    boards/mps2/start.c
    boards/outcome.c)

# Random bytes. None of these boards has a generator: this takes the host's
# through QEMU and is FOR QEMU ONLY. A board with a TRNG names its own file.
set(BOARD_ENTROPY boards/mps2/entropy_qemu.c)

# Whom to trust: Amazon's roots; in the tests' image one more, from the host.
# Whose keys: a file's, or those that AWS IoT or IAM Roles Anywhere gives for a
# certificate; in the tests' image all, and those of instance metadata.
set(CILP_KEYS file CACHE STRING
    "Whose keys the image has: file, iot or roles-anywhere")
set_property(CACHE CILP_KEYS PROPERTY STRINGS file iot roles-anywhere)
set(certificate boards/mps2/identity_qemu.c boards/mps2/keys_lines.c)
if(CILP_KEYS STREQUAL "file")
    set(keys boards/mps2/keys.c)
elseif(CILP_KEYS STREQUAL "iot")
    set(keys boards/mps2/keys_iot_alone.c boards/mps2/keys_iot.c
        ${certificate})
elseif(CILP_KEYS STREQUAL "roles-anywhere")
    set(keys boards/mps2/keys_roles_anywhere_alone.c
        boards/mps2/keys_roles_anywhere.c ${certificate})
else()
    message(FATAL_ERROR "CILP_KEYS is '${CILP_KEYS}'; this board has file, iot "
        "and roles-anywhere")
endif()
set(BOARD_PRODUCT boards/mps2/trust.c ${keys})
set(BOARD_TEST boards/mps2/trust_test.c boards/mps2/keys_test.c
    boards/mps2/keys_iot.c boards/mps2/keys_roles_anywhere.c ${certificate})

# What QEMU gives it, and what tests/arch/stack.py has to know: the exception
# frame is eight words, and one to align.
set(BOARD_NIC lan9118)
set(BOARD_RESET reset)
set(BOARD_INTERRUPTS systick lan9118_interrupt)
set(BOARD_EXCEPTION 36)
set(BOARD_CALLS boards/mps2/calls.txt)
if(NOT CILP_KEYS STREQUAL "file")
    list(APPEND BOARD_CALLS boards/mps2/calls_${CILP_KEYS}.txt)
endif()

# What Amazon's CAs have, and numbers where TLS fails in a rare way.
set(CILP_TLS_P521 OFF)
set(CILP_TLS_RSA_KEYS OFF)
set(CILP_TLS_CAS 5)
set(CILP_CLIENT_CERT_MAX 2048) # what fits into CILP_TLS_OUT
set(CILP_TLS_WORDS OFF)

# Sizes. CILP_PROFILE chooses.
set(CILP_PROFILE balanced CACHE STRING "Sizes: balanced or small")
include(boards/mps2/profile_${CILP_PROFILE}.cmake)
