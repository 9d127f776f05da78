/*
 * Functions: cilp_source_line cilp_source_text
 * Property: what a source answers is gathered within the room for it, a byte of
 *   which stays free, or the call fails; a line is taken from it only if it fits
 *   where it goes, and is a word
 * Bound: a room of 8 bytes, pieces of any length that fits, by induction over the
 *   pieces; a line of 3 bytes at most. Lengths are compared, nothing else
 * With: core/text.c tests/proof/sha256_model.c
 * Options: --unwind 10 -DCILP_IO_MAX=512 -DCILP_TOKEN_MAX=32
 *   -DCILP_MESSAGE_MAX=8 -DCILP_HOST_MAX=16
 * Run: suite
 */
#include "core/source.c"

#include "tests/proof/proof.h"

#define ROOM     8
#define LINE_MAX 3

static bool was_settled;

/* see op.h */
void cilp_op_settle(struct cilp_op *op, enum cilp_err err, enum cilp_what what)
{
    (void)op, (void)err, (void)what;
    was_settled = true;
}

/* see op.h: not here, for there is a room */
uint8_t *cilp_room_for_xml(struct cilp_op *op, size_t *cap)
{
    prove(false, "the room is the caller's");
    *cap = 0;
    return op->io.bytes;
}

void harness(void)
{
    static struct cilp_op op;
    static struct cilp_request req;
    uint8_t room_object[ROOM];
    char line[LINE_MAX + 1];
    size_t n = any_size(1, ROOM);

    req.room = room_object;
    req.room_len = ROOM;
    op.req = &req;
    op.kept = (uint32_t)any_size(0, ROOM - 1);
    op.rx = room_object + op.kept; /* cilp_rx() */
    op.body_at = (uint16_t)any_size(0, ROOM);
    op.body_end = (uint16_t)(op.body_at + n);
    assume(op.kept + op.body_end <= ROOM);
    if (!gather(&op)) {
        prove(was_settled, "no room is an error");
        can_be(true, "no room");
        return;
    }
    prove(op.kept < ROOM, "a byte stays free");
    if (!cilp_source_line(&op, line, LINE_MAX))
        return;
    prove(line[LINE_MAX] == '\0' || strlen(line) < LINE_MAX, "it fits");
    prove(line[0] > 0x20 && line[0] < 0x7F, "it is a word");
    can_be(strlen(line) == LINE_MAX, "the longest");
}
