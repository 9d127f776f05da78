#include "core/references.h"

#include "core/ask.h"
#include "core/fields.h"
#include "core/http_req.h"
#include "core/paging.h"

#define ACTION "DescribeImageReferences"

enum { SET = CILP_PLACE_OWN, ITEM, ID, TYPE, ARN, TOKEN };

static const struct cilp_reply_step steps[] = {
    {CILP_PLACE_SUCCESS, SET, "imageReferenceSet"},
    {SET, ITEM, "item"},
    {ITEM, ID, "imageId"},
    {ITEM, TYPE, "resourceType"},
    {ITEM, ARN, "arn"},
    {CILP_PLACE_SUCCESS, TOKEN, "nextToken"},
};

#define FIELD(place, member)                                    \
    {                                                           \
        place, sizeof((struct cilp_references *)0)->member - 1, \
            offsetof(struct cilp_references, member)            \
    }

static const struct cilp_reply_field fields[] = {
    FIELD(ID, image_id),
    FIELD(TYPE, type),
    FIELD(ARN, arn),
    CILP_PAGE_TOKEN_FIELD(TOKEN, cilp_references, pages),
};

static void prepare(struct cilp_op *op)
{
    struct cilp_references *found = op->req->memory;

    cilp_pages_prepare(&found->pages);
}

static unsigned count_ids(const struct cilp_request *req)
{
    const struct cilp_references *found = req->memory;

    return found->n_ids ? found->n_ids : 1;
}

static const char *id_of(const struct cilp_request *req, unsigned i)
{
    const struct cilp_references *found = req->memory;

    return found->n_ids ? found->ids[i] : req->image_id;
}

static enum cilp_what check(const struct cilp_request *req)
{
    const struct cilp_references *found = req->memory;
    struct cilp_request one = *req;
    enum cilp_what wrong = CILP_WHAT_NONE;

    if (!found)
        return CILP_WHAT_MEMORY;
    if (found->n_ids > CILP_REFERENCES_IDS)
        return CILP_WHAT_NO_IMAGE;
    for (unsigned i = 0; !wrong && i < count_ids(req); i++) {
        one.image_id = id_of(req, i);
        wrong = cilp_ask_check_image(&one);
    }
    return wrong;
}

/* What was terminated, or is about to be, uses nothing any more. */
static void form(const struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_references *found = op->req->memory;

    cilp_text_str(out, "Action=" ACTION "&Version=2016-11-15");
    for (unsigned i = 0; i < count_ids(op->req); i++) {
        cilp_text_str(out, "&ImageId.");
        cilp_text_uint(out, i + 1);
        cilp_text_char(out, '=');
        cilp_text_percent(out, id_of(op->req, i));
    }
    cilp_text_str(
        out, "&MaxResults=100"
             "&ResourceType.1.ResourceType=ec2%3AInstance"
             "&ResourceType.1.ResourceTypeOption.1.OptionName=state-name"
             "&ResourceType.1.ResourceTypeOption.1.OptionValue.1=pending"
             "&ResourceType.1.ResourceTypeOption.1.OptionValue.2=running"
             "&ResourceType.1.ResourceTypeOption.1.OptionValue.3=stopping"
             "&ResourceType.1.ResourceTypeOption.1.OptionValue.4=stopped"
             "&ResourceType.2.ResourceType=ec2%3ALaunchTemplate"
             "&ResourceType.3.ResourceType=ssm%3AParameter"
             "&ResourceType.4.ResourceType=imagebuilder%3AImageRecipe"
             "&ResourceType.5.ResourceType=imagebuilder%3AContainerRecipe");
    cilp_pages_form(&found->pages, out);
}

/* One that names no image is about the one that was asked about, if there was
 * but one. */
static bool is_asked(const struct cilp_request *req, const char *image_id)
{
    unsigned n = count_ids(req);

    if (!image_id[0])
        return n == 1;
    for (unsigned i = 0; i < n; i++)
        if (cilp_text_same(image_id, id_of(req, i)))
            return true;
    return false;
}

/* An item has been read. */
static bool wants(const struct cilp_op *op)
{
    struct cilp_references *found = op->req->memory;

    if (!is_asked(op->req, found->image_id))
        found->is_other = true;
    return !found->is_other;
}

static bool body(struct cilp_op *op)
{
    struct cilp_references *found = op->req->memory;

    return cilp_pages_body(op, &found->pages, wants);
}

static enum cilp_step judge(struct cilp_op *op)
{
    struct cilp_references *found = op->req->memory;
    enum cilp_step step = cilp_pages_judge(op, &found->pages);

    if (op->result.outcome == CILP_ANSWERED && found->is_other)
        return cilp_ask_reject(op, CILP_WHAT_OTHER_IMAGE);
    return step;
}

static const struct cilp_fields reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = fields,
    .n_fields = sizeof fields / sizeof *fields,
    .item = ITEM,
    .item_len = offsetof(struct cilp_references, pages),
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

/* see references.h */
const struct cilp_flow cilp_image_references = {
    .action = ACTION, .first = &exchange, .check = check};
