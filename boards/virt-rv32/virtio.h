/*
 * virtio.h - a device of virtio's by memory-mapped registers, and its queues.
 *
 * Source: Virtual I/O Device (VIRTIO) Version 1.1, OASIS: 2.6 (split virtqueues),
 * 3.1 (initialisation), 4.2 (MMIO).
 */
#ifndef VIRTIO_H
#define VIRTIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIRTIO_NET 1u
#define VIRTIO_RNG 4u

#define VIRTIO_QUEUE 4u /* pieces of memory in a queue; a power of two */

/* Device registers, and its interrupt's number. */
struct virtio_device {
    uintptr_t at;
    uint32_t interrupt;
};

/* Piece `i` of memory is in descriptor `i`, and nothing is chained. Static: the
 * device writes to it. */
struct virtio_queue {
    _Alignas(16) struct {
        uint64_t address;
        uint32_t len;
        uint16_t flags, next;
    } pieces[VIRTIO_QUEUE];
    struct {
        uint16_t flags, at;
        uint16_t ring[VIRTIO_QUEUE];
    } offered;
    struct {
        uint16_t flags, at;
        struct {
            uint32_t id, len;
        } ring[VIRTIO_QUEUE];
    } used;
    uint16_t seen; /* of used.at */
};

/* Find the device of that kind, reset it, and agree on `features`, the bits below
 * 32 of which it must have all. False: there is none, or none of version 1. */
bool virtio_open(struct virtio_device *d, uint32_t kind, uint32_t features);

/* Give it queue `number`; false: it has none, or a smaller one. */
bool virtio_add_queue(const struct virtio_device *d, uint32_t number,
                      struct virtio_queue *q);

/* From now on it works. */
void virtio_go(const struct virtio_device *d);

/* Stop it: when this has returned it touches no memory any more. */
void virtio_stop(const struct virtio_device *d);

/* Piece i of queue `number` is the device's until virtio_used() gives it back: to
 * be written to, or to be read. */
void virtio_offer(const struct virtio_device *d, uint32_t number,
                  struct virtio_queue *q, uint32_t i, void *p, uint32_t len,
                  bool is_to_be_written);

/* A piece that the device is done with, and how much it wrote; false: none. What
 * it says of either is not to be trusted: *i is below VIRTIO_QUEUE, *len may be
 * anything. */
bool virtio_used(struct virtio_queue *q, uint32_t *i, uint32_t *len);

/* The line falls. */
void virtio_acknowledge(const struct virtio_device *d);

/* Byte `at` of the device's own configuration. */
uint8_t virtio_config(const struct virtio_device *d, uint32_t at);

#endif
