/* SMSC LAN9118 and LAN9220. Source: LAN9118 datasheet, DS00002266. */
#include "boards/firmware/ethernet.h"

#include "lwip/pbuf.h"
#include "lwip/prot/ethernet.h"

#include "boards/firmware/board.h"
#include "boards/mps2/mps2.h"

#define CHIP(offset) MPS2_REG(MPS2_ETHERNET + (offset))

/* Registers by their offset; those of the MAC and of the PHY by number. */
enum {
    RX_DATA = 0x00,
    TX_DATA = 0x20,
    RX_STATUS = 0x40,
    TX_STATUS = 0x48,
    IRQ_CFG = 0x54,
    INT_STS = 0x58,
    INT_EN = 0x5C,
    BYTE_TEST = 0x64,
    FIFO_INT = 0x68,
    RX_CFG = 0x6C,
    TX_CFG = 0x70,
    HW_CFG = 0x74,
    RX_FIFO_INF = 0x7C,
    TX_FIFO_INF = 0x80,
    MAC_CSR_CMD = 0xA4,
    MAC_CSR_DATA = 0xA8,
    AFC_CFG = 0xAC,
    MAC_CR = 1,
    MAC_ADDRH = 2,
    MAC_ADDRL = 3,
    MAC_MII_ACC = 6,
    MAC_MII_DATA = 7,
    PHY_CONTROL = 0,
    PHY_STATUS = 1,
    PHY_ADVERTISE = 4
};

#define INT_RX_LEVEL (1u << 3) /* at least one frame is waiting */
#define RX_ERROR     (1u << 15)
#define CRC_LEN      4
#define NVIC_ISER    0xE000E100u
#define NVIC_ICPR    0xE000E280u
#define IRQ_WORD     (MPS2_IRQ_ETHERNET / 32 * 4)
#define IRQ_BIT      (1u << MPS2_IRQ_ETHERNET % 32)

const char board_ethernet_name[] = "LAN9118";

/* ---- Registers behind registers ----------------------------------------- */

static uint32_t mac_read(uint32_t number)
{
    CHIP(MAC_CSR_CMD) = 0xC0000000u | number;
    while (CHIP(MAC_CSR_CMD) & 0x80000000u)
        ;
    return CHIP(MAC_CSR_DATA);
}

static void mac_write(uint32_t number, uint32_t v)
{
    CHIP(MAC_CSR_DATA) = v;
    CHIP(MAC_CSR_CMD) = 0x80000000u | number;
    while (CHIP(MAC_CSR_CMD) & 0x80000000u)
        ;
}

/* The PHY is the chip's own, number 1. */
static void phy_access(uint32_t number, uint32_t is_write)
{
    mac_write(MAC_MII_ACC, 1u << 11 | number << 6 | is_write << 1 | 1u);
    while (mac_read(MAC_MII_ACC) & 1u)
        ;
}

static uint32_t phy_read(uint32_t number)
{
    phy_access(number, 0);
    return mac_read(MAC_MII_DATA);
}

static void phy_write(uint32_t number, uint32_t v)
{
    mac_write(MAC_MII_DATA, v);
    phy_access(number, 1);
}

/* ---- Frames ------------------------------------------------------------- */

static err_t send_frame(struct netif *n, struct pbuf *p)
{
    (void)n;
    if ((CHIP(TX_FIFO_INF) & 0xFFFFu) < p->tot_len + 16u)
        return ERR_MEM;
    CHIP(TX_DATA) = 0x3000u | p->tot_len; /* its first piece and its last */
    CHIP(TX_DATA) = p->tot_len;
    for (u16_t at = 0; at < p->tot_len; at = (u16_t)(at + 4)) {
        uint32_t word = 0;

        pbuf_copy_partial(p, &word, 4, at);
        CHIP(TX_DATA) = word;
    }
    while (CHIP(TX_FIFO_INF) >> 16 & 0xFFu)
        (void)CHIP(TX_STATUS);
    return ERR_OK;
}

/* The next frame leaves the FIFO, into p if it is not NULL. */
static void fetch(struct pbuf *p, uint32_t len)
{
    for (uint32_t at = 0; at < len; at += 4) {
        uint32_t word = CHIP(RX_DATA);
        uint32_t left = p && at < p->tot_len ? p->tot_len - at : 0;

        if (left > 0)
            pbuf_take_at(p, &word, (u16_t)(left < 4 ? left : 4), (u16_t)at);
    }
}

/* One that is broken, or for which lwIP has no room, is dropped: TCP repeats
 * it. */
static void receive_frame(struct netif *n)
{
    uint32_t status = CHIP(RX_STATUS);
    uint32_t len = status >> 16 & 0x3FFFu;
    struct pbuf *p = NULL;

    if (!(status & RX_ERROR) && len > CRC_LEN)
        p = pbuf_alloc(PBUF_RAW, (u16_t)(len - CRC_LEN), PBUF_POOL);
    fetch(p, len);
    if (p && n->input(p, n) != ERR_OK)
        pbuf_free(p);
}

/* Turns the line off: it would call again at once. */
void lan9118_interrupt(void)
{
    CHIP(INT_EN) = 0;
    mps2_wake();
}

/* see ethernet.h */
void board_ethernet_poll(struct netif *n)
{
    while (CHIP(RX_FIFO_INF) >> 16 & 0xFFu)
        receive_frame(n);
    CHIP(INT_STS) = 0xFFFFFFFFu;
    CHIP(INT_EN) = INT_RX_LEVEL;
}

/* see ethernet.h */
bool board_ethernet_has_link(void)
{
    return (phy_read(PHY_STATUS) & 4u) != 0;
}

/* ---- Start -------------------------------------------------------------- */

static bool reset_chip(void)
{
    if (CHIP(BYTE_TEST) != 0x87654321u)
        return false;
    CHIP(HW_CFG) = 1;
    for (uint32_t start = board_ms(); CHIP(HW_CFG) & 1u;)
        if (board_ms() - start > 100)
            return false;
    return true;
}

/* The address is in the chip's EEPROM; QEMU puts it there. */
static void read_address(struct netif *n)
{
    uint32_t low = mac_read(MAC_ADDRL);
    uint32_t high = mac_read(MAC_ADDRH);

    for (unsigned i = 0; i < ETH_HWADDR_LEN; i++)
        n->hwaddr[i] = (u8_t)(i < 4 ? low >> (8 * i) : high >> (8 * (i - 4)));
}

/* The line is told to be active high before the processor listens to it: until
 * then it reads as active, and storms. */
static void start_chip(void)
{
    CHIP(HW_CFG) = 0x00150000; /* 5 KB of the FIFO are for sending */
    CHIP(AFC_CFG) = 0x006E3740;
    CHIP(INT_EN) = 0;
    CHIP(INT_STS) = 0xFFFFFFFFu;
    CHIP(FIFO_INT) = 0;
    CHIP(IRQ_CFG) = 0x111;
    phy_write(PHY_CONTROL, 0x8000); /* reset */
    phy_write(PHY_ADVERTISE, 0x01E1);
    phy_write(PHY_CONTROL, 0x1200); /* negotiate */
    CHIP(TX_CFG) = 2;
    CHIP(RX_CFG) = 0;
    mac_write(MAC_CR, 0x0010000Cu); /* full duplex, both directions on */
    MPS2_REG(NVIC_ICPR + IRQ_WORD) = IRQ_BIT;
    MPS2_REG(NVIC_ISER + IRQ_WORD) = IRQ_BIT;
    CHIP(INT_EN) = INT_RX_LEVEL;
}

/* see ethernet.h */
err_t board_ethernet_init(struct netif *n)
{
    if (!reset_chip())
        return ERR_IF;
    n->linkoutput = send_frame;
    read_address(n);
    start_chip();
    return ERR_OK;
}
