/*
 * image.c - the two exchanges of DescribeImages: a look at one image, and the
 * list of what is shared with the caller.
 */
#include "core/image.h"

#include <string.h>

#include "core/account.h"
#include "core/ask.h"
#include "core/fields.h"
#include "core/http_req.h"

#define ACTION "DescribeImages"

/* clang-format off */
enum { IMAGES = CILP_PLACE_OWN, ITEM, ID, OWNER, NAME, CREATED, DEPRECATED,
       STATE, PUBLIC, ALLOWED, TOKEN };

static const struct cilp_reply_step steps[] = {
    {CILP_PLACE_SUCCESS, IMAGES,     "imagesSet"},
    {IMAGES,             ITEM,       "item"},
    {ITEM,               ID,         "imageId"},
    {ITEM,               OWNER,      "imageOwnerId"},
    {ITEM,               NAME,       "name"},
    {ITEM,               CREATED,    "creationDate"},
    {ITEM,               DEPRECATED, "deprecationTime"},
    {ITEM,               STATE,      "imageState"},
    {ITEM,               PUBLIC,     "isPublic"},
    {ITEM,               ALLOWED,    "imageAllowed"},
    {CILP_PLACE_SUCCESS, TOKEN,      "nextToken"},
};

#define IMAGE(place, type, base, member) \
    {place, sizeof ((struct cilp_image *)0)->member - 1, \
     (uint16_t)(offsetof(struct type, base) + \
                offsetof(struct cilp_image, member))}

#define IMAGE_FIELDS(type, base) \
    IMAGE(ID, type, base, id), IMAGE(OWNER, type, base, owner), \
    IMAGE(NAME, type, base, name), IMAGE(CREATED, type, base, created), \
    IMAGE(DEPRECATED, type, base, deprecated), \
    IMAGE(STATE, type, base, state), IMAGE(PUBLIC, type, base, is_public), \
    IMAGE(ALLOWED, type, base, is_allowed)
/* clang-format on */

static void begin_form(struct cilp_text *out)
{
    cilp_text_str(out, "Action=" ACTION "&Version=2016-11-15"
                       "&IncludeDeprecated=true&IncludeDisabled=true");
}

static void add(struct cilp_text *out, const char *name, const char *value)
{
    cilp_text_str(out, name);
    cilp_text_percent(out, value);
}

static bool same(const char *a, const char *b)
{
    return cilp_text_equal(a, strlen(a), b);
}

/* ---- A look ------------------------------------------------------------ */

static const struct cilp_reply_field look_fields[] = {
    IMAGE_FIELDS(cilp_look, image)};

static enum cilp_what look_check(const struct cilp_request *req)
{
    if (!req->image_id || !req->image_id[0] ||
        !cilp_text_is_within(req->image_id, CILP_IMAGE_ID_MAX))
        return CILP_WHAT_NO_IMAGE;
    return req->memory ? CILP_WHAT_NONE : CILP_WHAT_MEMORY;
}

static void look_prepare(struct cilp_op *op)
{
    memset(op->req->memory, 0, sizeof(struct cilp_look));
}

static void look_form(const struct cilp_op *op, struct cilp_text *out)
{
    begin_form(out);
    add(out, "&ImageId.1=", op->req->image_id);
}

/* What the account may not see and what does not exist get one answer. */
static enum cilp_step look_judge(struct cilp_op *op)
{
    struct cilp_look *look = op->req->memory;
    enum cilp_step step = cilp_ask_judge(op);

    if (op->result.outcome == CILP_REFUSED && op->result.err == CILP_E_AWS &&
        cilp_means_nothing(op->result.means)) {
        op->result.outcome = CILP_ANSWERED;
        op->result.err = CILP_OK;
    }
    if (op->result.outcome != CILP_ANSWERED)
        return step;
    look->found = look->image.id[0] != '\0';
    if (look->found && !same(look->image.id, op->req->image_id))
        return cilp_ask_reject(op, CILP_WHAT_OTHER_IMAGE);
    return step;
}

static const struct cilp_fields look_reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = look_fields,
    .n_fields = sizeof look_fields / sizeof *look_fields,
};

static const struct cilp_exchange look_exchange = {
    .service = "ec2",
    .reply = {ACTION "Response", cilp_fields_enter, &look_reply},
    .reader = &cilp_reads_xml,
    .prepare = look_prepare,
    .aim = cilp_aim_service,
    .write = cilp_http_req_form,
    .form = look_form,
    .judge = look_judge,
};

/* see image.h */
const struct cilp_flow cilp_look = {
    .action = ACTION, .first = &look_exchange, .check = look_check};

/* ---- A look at permissions ---------------------------------------------- */

static void look_shared_prepare(struct cilp_op *op)
{
    struct cilp_look *look = op->req->memory;

    look->found = false;
    look->image.id[0] = '\0';
}

static void look_shared_form(const struct cilp_op *op, struct cilp_text *out)
{
    look_form(op, out);
    cilp_text_str(out, "&ExecutableBy.1=self");
}

static const struct cilp_exchange look_shared_exchange = {
    .service = "ec2",
    .reply = {ACTION "Response", cilp_fields_enter, &look_reply},
    .reader = &cilp_reads_xml,
    .prepare = look_shared_prepare,
    .aim = cilp_aim_service,
    .write = cilp_http_req_form,
    .form = look_shared_form,
    .judge = look_judge,
};

/* see image.h */
const struct cilp_flow cilp_look_shared = {.first = &look_shared_exchange,
                                           .check = look_check};

/* ---- The list ---------------------------------------------------------- */

static const struct cilp_reply_field list_fields[] = {
    IMAGE_FIELDS(cilp_list, image),
    {TOKEN, CILP_PAGE_TOKEN_MAX + 1, offsetof(struct cilp_list, next_token)},
};

static enum cilp_what list_check(const struct cilp_request *req)
{
    const struct cilp_list *list = req->memory;

    if (!list)
        return CILP_WHAT_MEMORY;
    if ((list->owner && !cilp_is_account(list->owner)) ||
        (list->account && !cilp_is_account(list->account)))
        return CILP_WHAT_ACCOUNT;
    if (list->name && !cilp_text_is_within(list->name, CILP_IMAGE_NAME_MAX))
        return CILP_WHAT_LONG_NAME;
    return CILP_WHAT_NONE;
}

/* Of a page that broke, the items that were handed out are not handed out
 * again. */
static void list_prepare(struct cilp_op *op)
{
    struct cilp_list *list = op->req->memory;

    list->skip = list->in_page;
    list->in_page = 0;
    list->next_token[0] = '\0';
}

static void list_form(const struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_list *list = op->req->memory;

    begin_form(out);
    cilp_text_str(out, "&ExecutableBy.1=self&MaxResults=1000");
    if (list->owner)
        add(out, "&Owner.1=", list->owner);
    if (list->name)
        add(out, "&Filter.1.Name=name&Filter.1.Value.1=", list->name);
    if (list->token[0])
        add(out, "&NextToken=", list->token);
}

/* An item has been read: is it to be handed out? */
static bool list_item(struct cilp_op *op)
{
    struct cilp_list *list = op->req->memory;

    list->in_page++;
    if (list->in_page <= list->skip ||
        (list->account && same(list->image.owner, list->account)))
        return false;
    list->count++;
    return true;
}

static enum cilp_step list_judge(struct cilp_op *op)
{
    struct cilp_list *list = op->req->memory;
    enum cilp_step step = cilp_ask_judge(op);

    if (op->result.outcome != CILP_ANSWERED) {
        /* what was skipped and did not come again was handed out all the same */
        if (list->in_page < list->skip)
            list->in_page = list->skip;
        return step;
    }
    if (list->next_token[CILP_PAGE_TOKEN_MAX])
        return cilp_ask_reject(op, CILP_WHAT_LONG_PAGE_TOKEN);
    if (list->next_token[0] && same(list->next_token, list->token))
        return cilp_ask_reject(op, CILP_WHAT_SAME_PAGE);
    memcpy(list->token, list->next_token, sizeof list->token);
    list->pages++;
    list->in_page = 0;
    op->t_start = op->now.mono_ms;
    return list->token[0] ? CILP_STEP_NEXT : step;
}

static const struct cilp_fields list_reply = {
    .steps = steps,
    .n_steps = sizeof steps / sizeof *steps,
    .fields = list_fields,
    .n_fields = sizeof list_fields / sizeof *list_fields,
    .item = ITEM,
    .item_offset = offsetof(struct cilp_list, image),
    .item_len = sizeof(struct cilp_image),
};

/* Up to the next item that is to be handed out. */
static bool list_body(struct cilp_op *op)
{
    while (op->body_at < op->body_end) {
        size_t used = cilp_reply_feed(&op->reply, &op->result,
                                      op->rx + op->body_at,
                                      (size_t)(op->body_end - op->body_at));

        op->body_at = (uint16_t)(op->body_at + used);
        if (op->reply.has_item && list_item(op))
            return false;
    }
    return true;
}

static const struct cilp_reader list_reader = {cilp_room_for_xml, list_body};

static const struct cilp_exchange list_exchange = {
    .service = "ec2",
    .reply = {ACTION "Response", cilp_fields_enter, &list_reply},
    .reader = &list_reader,
    .prepare = list_prepare,
    .aim = cilp_aim_service,
    .write = cilp_http_req_form,
    .form = list_form,
    .judge = list_judge,
};

/* see image.h */
const struct cilp_flow cilp_list = {
    .action = ACTION, .first = &list_exchange, .check = list_check};
