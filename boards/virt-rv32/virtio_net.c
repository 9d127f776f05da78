/* virtio's network device. Source: VIRTIO 1.1, section 5.1. */
#include "boards/firmware/ethernet.h"

#include <string.h>

#include "lwip/pbuf.h"
#include "lwip/prot/ethernet.h"

#include "boards/firmware/board.h"
#include "boards/virt-rv32/virt.h"
#include "boards/virt-rv32/virtio.h"
#include "port/port.h"

#define RECEIVE 0u
#define SEND    1u
#define BUFFERS VIRTIO_QUEUE
#define SEND_MS 100 /* for the frame before */

#define HAS_MAC    (1u << 5)
#define HAS_STATUS (1u << 16)
#define MAC        0u /* in its configuration */
#define STATUS     6u
#define LINK_UP    1u

/* A frame, behind what the device says of it: nothing, as no feature is in use
 * that would have it do so. */
struct frame {
    uint8_t head[12];
    uint8_t bytes[SIZEOF_ETH_HDR + BOARD_ETHERNET_MTU];
    uint8_t aligned[2];
};

const char board_ethernet_name[] = "virtio network device";

static struct virtio_device device;
static struct virtio_queue receive, send;
static struct frame received[BUFFERS], sent;
static bool is_sending;

/* ---- Frames ------------------------------------------------------------- */

static void offer(uint32_t i)
{
    virtio_offer(&device, RECEIVE, &receive, i, &received[i],
                 sizeof received[i], true);
}

static void look_at_sent(void)
{
    uint32_t i, len;

    if (virtio_used(&send, &i, &len))
        is_sending = false;
}

/* There is one buffer: the frame before leaves first. */
static err_t send_frame(struct netif *n, struct pbuf *p)
{
    (void)n;
    if (p->tot_len > sizeof sent.bytes)
        return ERR_BUF;
    for (uint32_t start = board_ms(); is_sending; look_at_sent()) {
        cilp_port_tick();
        if (board_ms() - start > SEND_MS)
            return ERR_MEM;
    }
    memset(sent.head, 0, sizeof sent.head);
    pbuf_copy_partial(p, sent.bytes, p->tot_len, 0);
    is_sending = true;
    virtio_offer(&device, SEND, &send, 0, &sent, sizeof sent.head + p->tot_len,
                 false);
    return ERR_OK;
}

/* One for which lwIP has no room is dropped: TCP repeats it. */
static void take_frame(struct netif *n, const struct frame *f, uint32_t len)
{
    struct pbuf *p;

    if (len <= sizeof f->head || len > sizeof f->head + sizeof f->bytes)
        return;
    len -= sizeof f->head;
    p = pbuf_alloc(PBUF_RAW, (u16_t)len, PBUF_POOL);
    if (!p)
        return;
    pbuf_take(p, f->bytes, (u16_t)len);
    if (n->input(p, n) != ERR_OK)
        pbuf_free(p);
}

/* What has come is fetched by the main loop. */
void virtio_net_interrupt(void)
{
    virtio_acknowledge(&device);
    virt_wake();
}

/* see ethernet.h */
void board_ethernet_poll(struct netif *n)
{
    uint32_t i, len;

    look_at_sent();
    while (virtio_used(&receive, &i, &len)) {
        take_frame(n, &received[i], len);
        offer(i);
    }
}

/* see ethernet.h */
bool board_ethernet_has_link(void)
{
    return (virtio_config(&device, STATUS) & LINK_UP) != 0;
}

/* ---- Start -------------------------------------------------------------- */

/* see ethernet.h */
err_t board_ethernet_init(struct netif *n)
{
    if (!virtio_open(&device, VIRTIO_NET, HAS_MAC | HAS_STATUS) ||
        !virtio_add_queue(&device, RECEIVE, &receive) ||
        !virtio_add_queue(&device, SEND, &send))
        return ERR_IF;
    virtio_go(&device);
    for (uint32_t i = 0; i < BUFFERS; i++)
        offer(i);
    virt_listen(device.interrupt);
    n->linkoutput = send_frame;
    for (uint32_t i = 0; i < ETH_HWADDR_LEN; i++)
        n->hwaddr[i] = virtio_config(&device, MAC + i);
    return ERR_OK;
}
