#include "core/regions.h"

#include "core/fields.h"
#include "core/http_req.h"
#include "core/paging.h"

#define ACTION "DescribeRegions"

enum { SET = CILP_PLACE_OWN, ITEM, NAME, OPT_IN };

static const struct cilp_reply_step steps[] = {
    {CILP_PLACE_SUCCESS, SET, "regionInfo"},
    {SET, ITEM, "item"},
    {ITEM, NAME, "regionName"},
    {ITEM, OPT_IN, "optInStatus"},
};

#define FIELD(place, member)                                 \
    {                                                        \
        place, sizeof((struct cilp_regions *)0)->member - 1, \
            offsetof(struct cilp_regions, member)            \
    }

static const struct cilp_reply_field fields[] = {
    FIELD(NAME, name),
    FIELD(OPT_IN, opt_in),
};

static enum cilp_what check(const struct cilp_request *req)
{
    return req->memory ? CILP_WHAT_NONE : CILP_WHAT_MEMORY;
}

static void prepare(struct cilp_op *op)
{
    struct cilp_regions *found = op->req->memory;

    cilp_pages_prepare(&found->pages);
}

/* Without AllRegions: those that are enabled. */
static void form(const struct cilp_op *op, struct cilp_text *out)
{
    (void)op;
    cilp_text_str(out, "Action=" ACTION "&Version=2016-11-15");
}

/* An item that names nothing is no Region. */
static bool wants(const struct cilp_op *op)
{
    const struct cilp_regions *found = op->req->memory;

    return found->name[0] != '\0';
}

static bool body(struct cilp_op *op)
{
    struct cilp_regions *found = op->req->memory;

    return cilp_pages_body(op, &found->pages, wants);
}

static enum cilp_step judge(struct cilp_op *op)
{
    struct cilp_regions *found = op->req->memory;

    return cilp_pages_judge(op, &found->pages);
}

static const struct cilp_fields reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
    .item = ITEM,
    .item_len = offsetof(struct cilp_regions, pages),
};

static const struct cilp_reader reader = {cilp_room_for_xml, body};

static const struct cilp_exchange exchange = {
    .service = "ec2",
    .reply = {ACTION "Response", cilp_fields_enter, &reply},
    .reader = &reader,
    .prepare = prepare,
    .aim = cilp_aim_service,
    .write = cilp_http_req_form,
    .form = form,
    .judge = judge,
};

/* see regions.h */
const struct cilp_flow cilp_regions = {
    .action = ACTION, .first = &exchange, .check = check};
