# The superloop with the call in it, for any board that runs lwIP: board.cmake (or
# its family's) includes this, and adds start-up, driver and entropy. CILP_KEYS
# and CILP_PROFILE choose.
set(BOARD_PORT lwip)
set(BOARD_LWIP_OPTIONS ${CMAKE_CURRENT_LIST_DIR})
set(BOARD_SOURCES
    boards/firmware/arena_check.c
    boards/firmware/clock.c
    boards/firmware/image.c
    boards/firmware/keys_file.c
    boards/firmware/main.c
    boards/firmware/net.c
    boards/firmware/report.c
    boards/firmware/say.c
    boards/firmware/semihost.c
    boards/firmware/settings.c
    boards/outcome.c)

# Whom to trust: Amazon's roots; in the tests' image one more, from the host.
# Whose keys: a file's, or those that AWS IoT or IAM Roles Anywhere gives for a
# certificate; in the tests' image all, and those of instance metadata.
set(CILP_KEYS file CACHE STRING
    "Whose keys the image has: file, iot or roles-anywhere")
set_property(CACHE CILP_KEYS PROPERTY STRINGS file iot roles-anywhere)
set(certificate boards/firmware/identity_qemu.c boards/firmware/keys_lines.c)
if(CILP_KEYS STREQUAL "file")
    set(keys boards/firmware/keys.c)
elseif(CILP_KEYS STREQUAL "iot")
    set(keys boards/firmware/keys_iot_alone.c boards/firmware/keys_iot.c
        ${certificate})
elseif(CILP_KEYS STREQUAL "roles-anywhere")
    set(keys boards/firmware/keys_roles_anywhere_alone.c
        boards/firmware/keys_roles_anywhere.c ${certificate})
else()
    message(FATAL_ERROR "CILP_KEYS is '${CILP_KEYS}'; this board has file, iot "
        "and roles-anywhere")
endif()
set(BOARD_PRODUCT boards/firmware/trust.c ${keys})
set(BOARD_TEST boards/firmware/trust_test.c boards/firmware/keys_test.c
    boards/firmware/keys_iot.c boards/firmware/keys_roles_anywhere.c ${certificate})

# No RTOS. A board that runs one names its own file afterwards.
set(BOARD_TASK boards/firmware/task_none.c)

# For tests/arch/stack.py.
set(BOARD_RESET reset)
set(BOARD_CALLS boards/firmware/calls.txt)
if(NOT CILP_KEYS STREQUAL "file")
    list(APPEND BOARD_CALLS boards/firmware/calls_${CILP_KEYS}.txt)
endif()

# What Amazon's CAs have, and numbers where TLS fails in a rare way.
set(CILP_TLS_P521 OFF)
set(CILP_TLS_RSA_KEYS OFF)
set(CILP_TLS_CAS 5)
set(CILP_CLIENT_CERT_MAX 2048) # what fits into CILP_TLS_OUT
set(CILP_TLS_WORDS OFF)
set(CILP_TRUST_CERT_MAX 2048) # of a bundle: trust_flash.c
set(CILP_TRUST_CHUNK 256)

# Sizes. CILP_PROFILE chooses.
set(CILP_PROFILE balanced CACHE STRING "Sizes: balanced, small or least, or a file of yours, with its whole path")
if(IS_ABSOLUTE "${CILP_PROFILE}")
    include(${CILP_PROFILE})
else()
    include(boards/firmware/profile_${CILP_PROFILE}.cmake)
endif()
# Which check failed, in words or as a number: 4 KB less.
if(BOARD_WHAT_BY_NUMBER)
    list(APPEND BOARD_SOURCES boards/firmware/what_number.c)
else()
    list(APPEND BOARD_SOURCES boards/firmware/what_words.c)
endif()
