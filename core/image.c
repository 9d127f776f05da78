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
#include "core/paging.h"

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

/* ---- A look ------------------------------------------------------------ */

static const struct cilp_reply_field look_fields[] = {
    IMAGE_FIELDS(cilp_look, image)};

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
    if (look->found && !cilp_text_same(look->image.id, op->req->image_id))
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
    .action = ACTION, .first = &look_exchange, .check = cilp_ask_check_image};

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
const struct cilp_flow cilp_look_shared = {.action = ACTION,
                                           .first = &look_shared_exchange,
                                           .check = cilp_ask_check_image};

/* ---- The list ---------------------------------------------------------- */

static const struct cilp_reply_field list_fields[] = {
    IMAGE_FIELDS(cilp_list, image),
    CILP_PAGE_TOKEN_FIELD(TOKEN, cilp_list, pages),
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

static void list_prepare(struct cilp_op *op)
{
    struct cilp_list *list = op->req->memory;

    cilp_pages_prepare(&list->pages);
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
    cilp_pages_form(&list->pages, out);
}

static enum cilp_step list_judge(struct cilp_op *op)
{
    struct cilp_list *list = op->req->memory;

    return cilp_pages_judge(op, &list->pages);
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

/* Is the item that has been read one of others, if that is wished for? */
static bool list_wants(const struct cilp_op *op)
{
    const struct cilp_list *list = op->req->memory;

    return !list->account || !cilp_text_same(list->image.owner, list->account);
}

static bool list_body(struct cilp_op *op)
{
    struct cilp_list *list = op->req->memory;

    return cilp_pages_body(op, &list->pages, list_wants);
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
