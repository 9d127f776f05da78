/*
 * FOR QEMU ONLY. The MPS2 boards have no generator of random bytes: these are
 * the host's, read through semihosting. On hardware the first byte is a fault
 * (bkpt without a debugger), never a weak key.
 *
 * THE SEAM: a board with a TRNG names a file of its own as BOARD_ENTROPY, with
 * the same function. It waits for the generator to be ready for a bounded time,
 * checks what the reference manual says about its error flags (seed, clock),
 * and answers false if they are set; it never falls back to a counter, a
 * serial number or uninitialised RAM.
 */
#include "boards/firmware/board.h"
#include "boards/firmware/semihost.h"
#include "port/port.h"

const char board_entropy_name[] = "QEMU's host";

/* see port.h */
bool cilp_port_entropy(uint8_t *p, size_t n)
{
    static int file = -1;

    if (file < 0)
        file = semihost_open("/dev/urandom");
    return file >= 0 && semihost_read(file, p, n) == n;
}
