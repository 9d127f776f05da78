#include "boards/virt-rv32/virtio.h"

#include <string.h>

#include "boards/virt-rv32/virt.h"

/* Registers by their offset. */
enum {
    MAGIC = 0x000,
    VERSION = 0x004,
    KIND = 0x008,
    ITS_FEATURES = 0x010,
    ITS_FEATURES_WORD = 0x014,
    OUR_FEATURES = 0x020,
    OUR_FEATURES_WORD = 0x024,
    QUEUE_SELECT = 0x030,
    QUEUE_MOST = 0x034,
    QUEUE_LEN = 0x038,
    QUEUE_READY = 0x044,
    QUEUE_NOTIFY = 0x050,
    INTERRUPT = 0x060,
    INTERRUPT_ACK = 0x064,
    STATUS = 0x070,
    QUEUE_PIECES = 0x080,
    QUEUE_OFFERED = 0x090,
    QUEUE_USED = 0x0A0,
    CONFIG = 0x100
};

#define MAGIC_IS  0x74726976u /* "virt" */
#define VERSION_1 1u          /* bit 32 of the features: in their second word */

#define ACKNOWLEDGE 1u
#define DRIVER      2u
#define DRIVER_OK   4u
#define FEATURES_OK 8u

#define TO_BE_WRITTEN 2u

static volatile uint32_t *reg(const struct virtio_device *d, uint32_t offset)
{
    return (volatile uint32_t *)(d->at + offset);
}

/* What was written before is there before what is written after. */
static void fence(void)
{
    __asm__ volatile("fence iorw, iorw" ::: "memory");
}

/* ---- Start -------------------------------------------------------------- */

static bool find(struct virtio_device *d, uint32_t kind)
{
    for (uint32_t i = 0; i < VIRT_VIRTIO_MAX; i++) {
        d->at = VIRT_VIRTIO + i * VIRT_VIRTIO_STEP;
        d->interrupt = 1 + i;
        if (*reg(d, MAGIC) == MAGIC_IS && *reg(d, VERSION) == 2 &&
            *reg(d, KIND) == kind)
            return true;
    }
    return false;
}

static bool agree(const struct virtio_device *d, uint32_t word, uint32_t bits)
{
    *reg(d, ITS_FEATURES_WORD) = word;
    *reg(d, OUR_FEATURES_WORD) = word;
    *reg(d, OUR_FEATURES) = bits;
    return (*reg(d, ITS_FEATURES) & bits) == bits;
}

/* see virtio.h */
bool virtio_open(struct virtio_device *d, uint32_t kind, uint32_t features)
{
    if (!find(d, kind))
        return false;
    virtio_stop(d);
    *reg(d, STATUS) = ACKNOWLEDGE;
    *reg(d, STATUS) = ACKNOWLEDGE | DRIVER;
    if (!agree(d, 0, features) || !agree(d, 1, VERSION_1))
        return false;
    *reg(d, STATUS) = ACKNOWLEDGE | DRIVER | FEATURES_OK;
    return (*reg(d, STATUS) & FEATURES_OK) != 0;
}

/* An address has two words, of which this processor needs one. */
static void tell(const struct virtio_device *d, uint32_t where, const void *p)
{
    *reg(d, where) = (uint32_t)(uintptr_t)p;
    *reg(d, where + 4) = 0;
}

/* see virtio.h */
bool virtio_add_queue(const struct virtio_device *d, uint32_t number,
                      struct virtio_queue *q)
{
    *reg(d, QUEUE_SELECT) = number;
    if (*reg(d, QUEUE_MOST) < VIRTIO_QUEUE)
        return false;
    memset(q, 0, sizeof *q);
    *reg(d, QUEUE_LEN) = VIRTIO_QUEUE;
    tell(d, QUEUE_PIECES, q->pieces);
    tell(d, QUEUE_OFFERED, &q->offered);
    tell(d, QUEUE_USED, &q->used);
    fence();
    *reg(d, QUEUE_READY) = 1;
    return true;
}

/* see virtio.h */
void virtio_go(const struct virtio_device *d)
{
    *reg(d, STATUS) = ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK;
}

/* see virtio.h */
void virtio_stop(const struct virtio_device *d)
{
    *reg(d, STATUS) = 0;
    while (*reg(d, STATUS) != 0)
        ;
    fence();
}

/* ---- While it runs ------------------------------------------------------ */

/* see virtio.h */
void virtio_offer(const struct virtio_device *d, uint32_t number,
                  struct virtio_queue *q, uint32_t i, void *p, uint32_t len,
                  bool is_to_be_written)
{
    q->pieces[i].address = (uintptr_t)p;
    q->pieces[i].len = len;
    q->pieces[i].flags = is_to_be_written ? TO_BE_WRITTEN : 0;
    q->offered.ring[q->offered.at % VIRTIO_QUEUE] = (uint16_t)i;
    fence();
    *(volatile uint16_t *)&q->offered.at = (uint16_t)(q->offered.at + 1);
    fence();
    *reg(d, QUEUE_NOTIFY) = number;
}

/* see virtio.h */
bool virtio_used(struct virtio_queue *q, uint32_t *i, uint32_t *len)
{
    if (*(volatile uint16_t *)&q->used.at == q->seen)
        return false;
    fence();
    *i = q->used.ring[q->seen % VIRTIO_QUEUE].id % VIRTIO_QUEUE;
    *len = q->used.ring[q->seen % VIRTIO_QUEUE].len;
    q->seen++;
    return true;
}

/* see virtio.h */
void virtio_acknowledge(const struct virtio_device *d)
{
    *reg(d, INTERRUPT_ACK) = *reg(d, INTERRUPT);
}

/* see virtio.h */
uint8_t virtio_config(const struct virtio_device *d, uint32_t at)
{
    return *(volatile uint8_t *)(d->at + CONFIG + at);
}
