/*
 * settings.h - what this run is to do: NAME=VALUE words of QEMU's command line
 * (semihosting). A product has them in flash instead.
 *
 *   image=AMI region=R endpoint=URL       core/cilp.h
 *   keys=FILE                             three lines on the host: key id,
 *                                         secret, session token (may be absent)
 *                                         For keys that are given for a
 *                                         certificate: the lines that keys_iot.c
 *                                         and keys_roles_anywhere.c have
 *   imds=URL                              instead, where the image has that
 *                                         source: creds.h
 *   ip=ADDRESS/BITS gateway=ADDRESS       without them: DHCP
 *   dns=ADDRESS[:PORT] sntp=ADDRESS[:PORT]   without them: DHCP's
 *   calls=N pause-ms=N                    so many, with a pause between two
 *   attempts=N connect-ms=N read-ms=N deadline-ms=N   core/cilp.h
 *   net-ms=N time-ms=N                    wait so long for an address, a time
 *   anchor=FILE                           the tests' image: trust.h
 *   watchdog-ms=N                         the watchdog bites after so long; without
 *                                         it there is none: under QEMU a busy host
 *                                         is a loop that stands still
 *   deaf                                  cilp_port_tick() does nothing, for tests
 *   hold=N                                bytes of the TLS arena taken away
 *                                         during the first call, for tests
 *   dry-run http                          core/cilp.h: dry_run, allow_http
 *   account=DIGITS explain verify         core/errand.h: account, explains,
 *                                         verifies. With endpoint= STS is there
 */
#ifndef FIRMWARE_SETTINGS_H
#define FIRMWARE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An IPv4 address as lwIP has it, in network order; 0: not given. */
struct net_server {
    uint32_t address;
    uint16_t port;
};

struct settings {
    const char *image, *region, *endpoint, *keys, *imds, *anchor, *account;
    uint32_t ip, mask, gateway;
    struct net_server dns, sntp;
    uint32_t calls, attempts, connect_ms, read_ms, deadline_ms;
    uint32_t net_ms, time_ms, pause_ms, hold, watchdog_ms;
    bool dry_run, allow_http, explain, verify, deaf;
};

/* Fill *set. False: something is wrong, and has been said. */
bool settings_read(struct settings *set);

#endif
