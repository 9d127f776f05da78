/* virtio's entropy device. Source: VIRTIO 1.1, section 5.4. */
#include "boards/firmware/board.h"
#include "boards/virt-rv32/virtio.h"
#include "port/port.h"

#define REQUESTS 0u
#define WAIT_MS  2000

const char board_entropy_name[] = "virtio's entropy device";

static struct virtio_device device;
static struct virtio_queue requests;
static bool is_open;

static bool open(void)
{
    if (!is_open && virtio_open(&device, VIRTIO_RNG, 0) &&
        virtio_add_queue(&device, REQUESTS, &requests)) {
        virtio_go(&device);
        is_open = true;
    }
    return is_open;
}

/* Some, n at most, straight to where they are wanted; 0: none came. A device that
 * is late is stopped: its bytes would go to where something else is by then. */
static size_t some(uint8_t *p, size_t n)
{
    uint32_t start = board_ms(), i, len;

    virtio_offer(&device, REQUESTS, &requests, 0, p, (uint32_t)n, true);
    while (!virtio_used(&requests, &i, &len)) {
        cilp_port_tick();
        if (board_ms() - start > WAIT_MS) {
            virtio_stop(&device);
            is_open = false;
            return 0;
        }
    }
    return len <= n ? len : 0;
}

/* see port.h */
bool cilp_port_entropy(uint8_t *p, size_t n)
{
    while (n > 0) {
        size_t got = open() ? some(p, n) : 0;

        if (got == 0)
            return false;
        p += got;
        n -= got;
    }
    return true;
}
