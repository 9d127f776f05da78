#include "boards/firmware/net.h"

#include "lwip/apps/sntp.h"
#include "lwip/dhcp.h"
#include "lwip/dns.h"
#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#include "boards/firmware/board.h"
#include "boards/firmware/ethernet.h"
#include "boards/firmware/hooks.h"
#include "boards/firmware/say.h"
#include "port/lwip/tcp.h"
#include "port/port.h"

#define LINK_LOOK_MS 50

uint16_t net_dns_port = 53, net_sntp_port = 123;

static struct netif interface;
static bool is_static;
static uint32_t link_looked_ms;

/* ---- What lwIP calls: hooks.h ------------------------------------------- */

u32_t sys_now(void)
{
    return board_ms();
}

uint32_t firmware_random(void)
{
    uint32_t v;

    if (!cilp_port_entropy((uint8_t *)&v, sizeof v))
        board_panic("no random bytes");
    return v;
}

_Noreturn void firmware_assert_failed(int line)
{
    say("\nlwIP: assert in line ");
    say_int(line);
    say(" before ");
    say_hex((uint32_t)(uintptr_t)__builtin_return_address(0));
    board_panic("an assert of lwIP");
}

void firmware_check_main_loop(void)
{
    if (board_in_interrupt())
        board_panic("lwIP was called in an interrupt");
}

/* ---- The cable ---------------------------------------------------------- */

static void look_at_link(void)
{
    bool has_link;

    if (board_ms() - link_looked_ms < LINK_LOOK_MS)
        return;
    link_looked_ms = board_ms();
    has_link = board_ethernet_has_link();
    if (has_link && !netif_is_link_up(&interface))
        netif_set_link_up(&interface); /* DHCP asks again by itself */
    else if (!has_link && netif_is_link_up(&interface))
        netif_set_link_down(&interface);
}

/* ---- Start -------------------------------------------------------------- */

/* see net.h */
void net_set_servers(const struct settings *set)
{
    if (set->dns.address)
        dns_setserver(0, &(ip_addr_t)IPADDR4_INIT(set->dns.address));
    if (set->dns.port)
        net_dns_port = set->dns.port;
    if (set->sntp.address)
        sntp_setserver(0, &(ip_addr_t)IPADDR4_INIT(set->sntp.address));
    if (set->sntp.port)
        net_sntp_port = set->sntp.port;
}

static void set_address(const struct settings *set)
{
    ip4_addr_t ip = {set->ip}, mask = {set->mask}, gateway = {set->gateway};

    is_static = set->ip != 0;
    if (is_static)
        netif_set_addr(&interface, &ip, &mask, &gateway);
    else
        dhcp_start(&interface);
}

/* What no chip decides, and then the chip. */
static err_t start_interface(struct netif *n)
{
    n->name[0] = 'e';
    n->name[1] = 'n';
    n->mtu = BOARD_ETHERNET_MTU;
    n->hwaddr_len = ETH_HWADDR_LEN;
    n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
    n->output = etharp_output;
    return board_ethernet_init(n);
}

/* see net.h */
bool net_start(const struct settings *set)
{
    lwip_init();
    if (!netif_add(&interface, NULL, NULL, NULL, NULL, start_interface,
                   ethernet_input))
        return false;
    netif_set_default(&interface);
    netif_set_up(&interface);
    link_looked_ms = board_ms() - LINK_LOOK_MS;
    look_at_link();
    sntp_setoperatingmode(SNTP_OPMODE_POLL);
    sntp_servermode_dhcp(!set->sntp.address);
    set_address(set);
    return true;
}

/* ---- While it runs ------------------------------------------------------ */

/* see net.h */
void net_poll(void)
{
    look_at_link();
    board_ethernet_poll(&interface);
    cilp_lwip_tcp_before_timers();
    sys_check_timeouts();
}

/* see net.h */
const char *net_missing(void)
{
    if (!netif_is_link_up(&interface))
        return "no link: is the cable in?";
    if (!is_static && !dhcp_supplied_address(&interface))
        return "no address: no DHCP server answers";
    return NULL;
}

/* see net.h. By itself lwIP's DHCP waits longer from try to try. */
void net_ask_address(void)
{
    if (!is_static && !dhcp_supplied_address(&interface))
        dhcp_start(&interface);
}

/* see net.h. From the second time on it asks anew, at once. */
bool net_ask_time(void)
{
    if (ip_addr_isany(sntp_getserver(0)))
        return false;
    sntp_stop();
    sntp_init();
    return true;
}

/* see net.h */
unsigned net_connections(void)
{
    unsigned n = 0;

    for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = pcb->next)
        n++;
    return n;
}
