/*
 * The flows that ask - a look at an image, the list, the identity - and the
 * clock that is learnt on the way: replies from a list, in pieces of any size.
 */
#include "tests/unit/rows.h"

#include <stdio.h>

#include "core/identity.h"
#include "core/image.h"
#include "core/references.h"
#include "core/regions.h"
#include "tests/unit/served.h"

#define ID    "ami-0abcdef1234567890"
#define NOON  1768478400 /* 2026-01-15T12:00:00Z */
#define DATE  "Thu, 15 Jan 2026 12:00:00 GMT"
#define ITEMS 64

static char items[ITEMS][CILP_REFERENCE_ARN_MAX + 1];
static unsigned n_items;
static const struct cilp_flow *asked; /* last */

static struct cilp_look look;
static struct cilp_list list;
static struct cilp_references references;
static struct cilp_regions regions;
static struct cilp_identity who;

static const struct cilp_static_creds keys = {"AKIDEXAMPLEKEYID", "secret",
                                              NULL};

static void on_item(void)
{
    assert_true(n_items < ITEMS);
    snprintf(items[n_items++], sizeof items[0], "%s",
             asked == &cilp_list      ? list.image.id
             : asked == &cilp_regions ? regions.name
                                      : references.arn);
    now.mono_ms += 50000; /* the caller takes its time */
    cilp_took(&op);
}

static const char *image_id, *endpoint; /* of the next call */
static const struct cilp_clock *mending;

static const struct cilp_result *run(const struct cilp_flow *flow, void *memory,
                                     const struct reply *replies, size_t n,
                                     size_t piece)
{
    static struct cilp_request req;

    serve(replies, n, piece);
    n_items = 0;
    asked = flow;
    memset(&req, 0, sizeof req);
    req.flow = flow;
    req.clock = mending;
    req.image_id = image_id;
    req.endpoint = endpoint;
    req.region = "us-east-1";
    req.source = &cilp_creds_static;
    req.source_arg = &keys;
    req.memory = memory;
    cilp_start(&op, &req, now);
    drive(on_item);
    return cilp_result(&op);
}

static int set_up(void **state)
{
    (void)state;
    now.mono_ms = 0xFFFFF000u;
    now.unix_s = NOON;
    now.trusted = true;
    image_id = ID;
    endpoint = NULL;
    mending = &cilp_clock_learn;
    memset(&look, 0x55, sizeof look);
    memset(&list, 0, sizeof list);
    memset(&references, 0, sizeof references);
    memset(&regions, 0, sizeof regions);
    memset(&who, 0x55, sizeof who);
    return cilp_init(&op, sizeof op) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    cilp_end(&op);
    drive(on_item);
    assert_int_equal(wire.opens, wire.closes);
    return 0;
}

#define OK200  "HTTP/1.1 200 OK\r\nDate: " DATE "\r\n"
#define BAD400 "HTTP/1.1 400 Bad Request\r\nDate: " DATE "\r\n"
#define ERR(code)                                              \
    "<Response><Errors><Error><Code>" code "</Code><Message>m" \
    "</Message></Error></Errors><RequestID>r-1</RequestID></Response>"
#define IMAGES(inner)                                                   \
    "<?xml version=\"1.0\"?>\n<DescribeImagesResponse "                 \
    "xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r-2" \
    "</requestId><imagesSet>" inner "</DescribeImagesResponse>"
/* As EC2 sends it, with items inside of the item. */
#define ITEM(id, owner)                                                        \
    "<item><imageId>" id "</imageId><imageLocation>x/y"                        \
    "</imageLocation><imageState>available</imageState><imageOwnerId>" owner   \
    "</imageOwnerId><creationDate>2025-01-02T03:04:05.000Z</creationDate>"     \
    "<isPublic>false</isPublic><blockDeviceMapping><item><deviceName>/dev/sda" \
    "</deviceName><ebs><snapshotId>snap-1</snapshotId></ebs></item>"           \
    "<item><imageId>no</imageId></item></blockDeviceMapping><name>n &amp; m"   \
    "</name><productCodes/></item>"

/* ---- A look ------------------------------------------------------------ */

static void a_look_finds_the_image(void **state)
{
    static const struct reply r = {
        OK200, IMAGES(ITEM(ID, "111122223333") "</imagesSet>"), false};

    (void)state;
    for (size_t piece = 0; piece < 40; piece++) {
        set_up(NULL);
        assert_int_equal(run(&cilp_look, &look, &r, 1, piece)->outcome,
                         CILP_ANSWERED);
        assert_true(look.found);
        assert_string_equal(look.image.id, ID);
        assert_string_equal(look.image.owner, "111122223333");
        assert_string_equal(look.image.name, "n & m");
        assert_string_equal(look.image.state, "available");
        assert_string_equal(look.image.is_public, "false");
        assert_string_equal(look.image.created, "2025-01-02T03:04:05.000Z");
        assert_string_equal(look.image.deprecated, "");
        assert_string_equal(cilp_result(&op)->request_id, "r-2");
    }
    assert_non_null(
        strstr(wire.requests[0],
               "\r\n\r\nAction=DescribeImages&Version=2016-11-15"
               "&IncludeDeprecated=true&IncludeDisabled=true&ImageId.1=" ID));
    assert_non_null(strstr(wire.requests[0], "/us-east-1/ec2/aws4_request"));
}

static void what_is_not_seen_is_an_answer(void **state)
{
    static const struct reply none = {OK200, IMAGES("</imagesSet>"), false};
    static const struct reply gone = {BAD400, ERR("InvalidAMIID.NotFound"),
                                      false};
    static const struct reply dead = {BAD400, ERR("InvalidAMIID.Unavailable"),
                                      false};

    (void)state;
    assert_int_equal(run(&cilp_look, &look, &none, 1, 0)->outcome,
                     CILP_ANSWERED);
    assert_false(look.found);
    look.found = true;
    assert_int_equal(run(&cilp_look, &look, &gone, 1, 0)->outcome,
                     CILP_ANSWERED);
    assert_false(look.found);
    look.found = true;
    assert_int_equal(run(&cilp_look, &look, &dead, 1, 0)->outcome,
                     CILP_ANSWERED);
    assert_false(look.found);
    assert_int_equal(cilp_result(&op)->err, CILP_OK);
}

/* The second look leaves the first one's image where it is. */
static void a_look_at_permissions_finds_or_leaves_the_image(void **state)
{
    static const struct reply r = {
        OK200, IMAGES(ITEM(ID, "111122223333") "</imagesSet>"), false};
    static const struct reply none = {OK200, IMAGES("</imagesSet>"), false};

    (void)state;
    run(&cilp_look, &look, &r, 1, 0);
    assert_int_equal(run(&cilp_look_shared, &look, &none, 1, 0)->outcome,
                     CILP_ANSWERED);
    assert_false(look.found);
    assert_string_equal(look.image.owner, "111122223333");
    assert_int_equal(run(&cilp_look_shared, &look, &r, 1, 0)->outcome,
                     CILP_ANSWERED);
    assert_true(look.found);
    assert_non_null(
        strstr(wire.requests[0], "&ImageId.1=" ID "&ExecutableBy.1=self"));
}

static void a_look_that_is_not_answered_says_why(void **state)
{
    static const struct reply denied = {"HTTP/1.1 403 Forbidden\r\n",
                                        ERR("UnauthorizedOperation"), false};
    static const struct reply other = {
        OK200, IMAGES(ITEM("ami-12345678", "111122223333") "</imagesSet>"),
        false};
    static const struct reply html = {"HTTP/1.1 403 No\r\n", "<html/>", false};
    static const struct reply garbage[] = {
        {OK200, "hello", false}, {OK200, "<a/>", false}, {OK200, "", false}};

    (void)state;
    assert_int_equal(run(&cilp_look, &look, &denied, 1, 0)->outcome,
                     CILP_REFUSED);
    assert_string_equal(cilp_result(&op)->code, "UnauthorizedOperation");
    assert_int_equal(run(&cilp_look, &look, &other, 1, 0)->err, CILP_E_REPLY);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    assert_int_equal(run(&cilp_look, &look, &html, 1, 0)->err, CILP_E_REPLY);
    assert_int_equal(cilp_result(&op)->outcome, CILP_REFUSED);
    assert_int_equal(run(&cilp_look, &look, garbage, 3, 0)->err, CILP_E_REPLY);
    assert_int_equal(cilp_result(&op)->attempts, 3);
}

static void throttling_and_lost_replies_are_retried(void **state)
{
    static const struct reply replies[] = {
        {"HTTP/1.1 503 Busy\r\n", ERR("RequestLimitExceeded"), false},
        {OK200, IMAGES(ITEM(ID, "111122223333") "</imagesSet>"), true},
        {OK200, IMAGES(ITEM(ID, "111122223333") "</imagesSet>"), false}};
    static const struct reply broken = {"HTTP/1.1 500 No\r\n", "", false};
    static const struct reply part = {
        "HTTP/1.1 206 Part\r\n",
        IMAGES(ITEM(ID, "111122223333") "</imagesSet>"), false};
    struct reply thrice[3];

    (void)state;
    assert_int_equal(run(&cilp_look, &look, replies, 3, 7)->outcome,
                     CILP_ANSWERED);
    assert_true(look.found);
    assert_int_equal(cilp_result(&op)->attempts, 3);
    thrice[0] = thrice[1] = thrice[2] = broken;
    assert_int_equal(run(&cilp_look, &look, thrice, 3, 0)->outcome,
                     CILP_REFUSED);
    thrice[0] = thrice[1] = thrice[2] = part;
    assert_int_equal(run(&cilp_look, &look, thrice, 3, 0)->err, CILP_E_REPLY);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_UNREADABLE);
}

static void memory_and_ids_are_checked(void **state)
{
    (void)state;
    assert_int_equal(run(&cilp_look, NULL, NULL, 0, 0)->err, CILP_E_ARG);
    assert_int_equal(run(&cilp_list, NULL, NULL, 0, 0)->err, CILP_E_ARG);
    assert_int_equal(run(&cilp_identity, NULL, NULL, 0, 0)->err, CILP_E_ARG);
    list.owner = "1234";
    assert_int_equal(run(&cilp_list, &list, NULL, 0, 0)->err, CILP_E_ARG);
    list.owner = NULL;
    list.account = "1234567890123";
    assert_int_equal(run(&cilp_list, &list, NULL, 0, 0)->err, CILP_E_ARG);
    image_id = NULL;
    assert_int_equal(run(&cilp_look, &look, NULL, 0, 0)->err, CILP_E_ARG);
    image_id = "";
    assert_int_equal(run(&cilp_look, &look, NULL, 0, 0)->err, CILP_E_ARG);
}

/* As long as there is room for, and one more. */
static void ids_and_names_have_a_longest_length(void **state)
{
    static const struct reply none = {OK200, IMAGES("</imagesSet>"), false};
    static char id[CILP_IMAGE_ID_MAX + 2], name[CILP_IMAGE_NAME_MAX + 2];

    (void)state;
    for (size_t more = 0; more < 2; more++) {
        enum cilp_err err = more ? CILP_E_ARG : CILP_OK;

        memset(id, 'x', CILP_IMAGE_ID_MAX + more);
        memset(name, 'x', CILP_IMAGE_NAME_MAX + more);
        image_id = id;
        list.name = name;
        assert_int_equal(run(&cilp_look, &look, &none, 1, 0)->err, err);
        assert_int_equal(run(&cilp_list, &list, &none, 1, 0)->err, err);
    }
}

/* ---- The list ---------------------------------------------------------- */

#define PAGE1                                                        \
    IMAGES(ITEM("ami-00000001", "111122223333") ITEM("ami-00000002", \
                                                     "123456789012") \
               ITEM("ami-00000003",                                  \
                    "111122223333") "</imagesSet><nextToken>t+1</nextToken>")
#define PAGE2 IMAGES("</imagesSet><nextToken>t2</nextToken>")
#define PAGE3 IMAGES(ITEM("ami-00000004", "111122223333") "</imagesSet>")

static void a_list_goes_on_page_after_page(void **state)
{
    static const struct reply pages[] = {
        {OK200, PAGE1, false}, {OK200, PAGE2, false}, {OK200, PAGE3, false}};

    (void)state;
    for (size_t piece = 0; piece < 30; piece++) {
        set_up(NULL);
        list.account = "123456789012";
        list.name = "a b*";
        list.owner = "111122223333";
        assert_int_equal(run(&cilp_list, &list, pages, 3, piece)->outcome,
                         CILP_ANSWERED);
        assert_int_equal(n_items, 3);
        assert_string_equal(items[0], "ami-00000001");
        assert_string_equal(items[1], "ami-00000003");
        assert_string_equal(items[2], "ami-00000004");
        assert_int_equal(list.pages.count, 3);
        assert_int_equal(list.pages.whole, 3);
        assert_int_equal(wire.opens, 1);
    }
    assert_null(strstr(wire.requests[0], "NextToken"));
    assert_non_null(
        strstr(wire.requests[0],
               "&ExecutableBy.1=self&MaxResults=1000&Owner.1=111122223333"
               "&Filter.1.Name=name&Filter.1.Value.1=a%20b%2A"));
    assert_non_null(strstr(wire.requests[1], "&NextToken=t%2B1"));
    assert_non_null(strstr(wire.requests[2], "&NextToken=t2"));
}

static void a_page_that_breaks_is_asked_for_again_from_where_it_broke(void **st)
{
    static const struct reply pages[] = {{OK200, PAGE1, true},
                                         {OK200, PAGE1, true},
                                         {OK200, PAGE1, false},
                                         {OK200, PAGE3, false}};
    /* The second time it breaks before it comes to what was handed out. */
    static const struct reply sooner[] = {{OK200, PAGE1, true},
                                          {OK200, IMAGES(""), true},
                                          {OK200, PAGE1, false},
                                          {OK200, PAGE3, false}};

    (void)st;
    for (int i = 0; i < 2; i++) {
        memset(&list, 0, sizeof list);
        assert_int_equal(
            run(&cilp_list, &list, i ? sooner : pages, 4, 50)->outcome,
            CILP_ANSWERED);
        assert_int_equal(n_items, 4);
        for (unsigned k = 0; k < 4; k++)
            assert_int_equal(items[k][11], '1' + (int)k);
    }
}

static void a_list_that_breaks_says_how_far_it_came(void **state)
{
    static const struct reply pages[] = {{OK200, PAGE1, false},
                                         {OK200, PAGE3, true},
                                         {OK200, PAGE3, true},
                                         {OK200, PAGE3, true}};

    (void)state;
    assert_int_equal(run(&cilp_list, &list, pages, 4, 0)->err, CILP_E_CLOSED);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    assert_int_equal(list.pages.count, 3);
    assert_int_equal(list.pages.whole, 1);
}

static void pages_that_lead_nowhere_are_refused(void **state)
{
    static char body[4096];
    static const struct reply same[] = {
        {OK200, IMAGES("</imagesSet><nextToken>t</nextToken>"), false},
        {OK200, IMAGES("</imagesSet><nextToken>t</nextToken>"), false}};
    const struct reply longest = {OK200, body, false};
    char token[CILP_PAGE_TOKEN_MAX + 2];

    (void)state;
    assert_int_equal(run(&cilp_list, &list, same, 2, 0)->err, CILP_E_REPLY);
    set_up(NULL);
    memset(token, 't', sizeof token);
    token[sizeof token - 1] = '\0';
    snprintf(body, sizeof body,
             "<DescribeImagesResponse><nextToken>%s"
             "</nextToken></DescribeImagesResponse>",
             token);
    assert_int_equal(run(&cilp_list, &list, &longest, 1, 0)->err, CILP_E_REPLY);
}

/* ---- References -------------------------------------------------------- */

#define REFERENCES(set)                                                    \
    "<DescribeImageReferencesResponse xmlns=\"x\"><imageReferenceSet>" set \
    "</DescribeImageReferencesResponse>"
#define REFERENCE(id, type, arn)                         \
    "<item><imageId>" id "</imageId><resourceType>" type \
    "</resourceType><arn>" arn "</arn></item>"
#define INSTANCE "arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789"
#define RECIPE \
    "arn:aws:imagebuilder:eu-west-1:123456789012:image-recipe/a/1.0.0"

static void references_come_in_pages_too(void **state)
{
    static const struct reply pages[] = {
        {OK200,
         REFERENCES(REFERENCE(
             ID, "ec2:Instance",
             INSTANCE) "</imageReferenceSet><nextToken>t+1</nextToken>"),
         false},
        {OK200,
         REFERENCES("<item><resourceType>imagebuilder:ImageRecipe"
                    "</resourceType><arn>" RECIPE "</arn></item>"
                    "</imageReferenceSet>"),
         false}};

    (void)state;
    for (size_t piece = 0; piece < 30; piece++) {
        set_up(NULL);
        assert_int_equal(
            run(&cilp_image_references, &references, pages, 2, piece)->outcome,
            CILP_ANSWERED);
        assert_int_equal(references.pages.count, 2);
        assert_int_equal(n_items, 2);
        assert_string_equal(items[0], INSTANCE);
        assert_string_equal(items[1], RECIPE);
    }
    assert_non_null(strstr(wire.requests[0],
                           "Action=DescribeImageReferences&Version=2016-11-15"
                           "&ImageId.1=" ID "&MaxResults=100"
                           "&ResourceType.1.ResourceType=ec2%3AInstance"));
    assert_non_null(
        strstr(wire.requests[0],
               "&ResourceType.1.ResourceTypeOption.1.OptionName=state-name"
               "&ResourceType.1.ResourceTypeOption.1.OptionValue.1=pending"));
    assert_null(strstr(wire.requests[0], "terminated"));
    assert_null(strstr(wire.requests[0], "NextToken"));
    assert_non_null(strstr(wire.requests[1], "&NextToken=t%2B1"));
}

static void a_reference_to_another_image_is_no_answer(void **state)
{
    static const struct reply other = {
        OK200,
        REFERENCES(REFERENCE("ami-00000001", "ec2:Instance",
                             INSTANCE) "</imageReferenceSet>"),
        false};

    (void)state;
    assert_int_equal(
        run(&cilp_image_references, &references, &other, 1, 0)->outcome,
        CILP_NOT_SENT);
    assert_int_equal(cilp_result(&op)->what, CILP_WHAT_OTHER_IMAGE);
    assert_int_equal(references.pages.count, 0);
}

static void a_question_that_is_refused_says_so(void **state)
{
    static const struct reply no = {BAD400, ERR("UnauthorizedOperation"),
                                    false};

    (void)state;
    assert_int_equal(
        run(&cilp_image_references, &references, &no, 1, 0)->outcome,
        CILP_REFUSED);
    assert_int_equal(cilp_result(&op)->means, CILP_MEANS_DENIED);
}

static void references_are_of_an_image_and_into_memory(void **state)
{
    static const struct reply none = {OK200, REFERENCES("</imageReferenceSet>"),
                                      false};
    static char longest[CILP_IMAGE_ID_MAX + 2];

    (void)state;
    assert_int_equal(run(&cilp_image_references, NULL, NULL, 0, 0)->what,
                     CILP_WHAT_MEMORY);
    image_id = NULL;
    assert_int_equal(run(&cilp_image_references, &references, NULL, 0, 0)->what,
                     CILP_WHAT_NO_IMAGE);
    image_id = "";
    assert_int_equal(run(&cilp_image_references, &references, NULL, 0, 0)->what,
                     CILP_WHAT_NO_IMAGE);
    image_id = longest;
    for (size_t n = CILP_IMAGE_ID_MAX; n <= CILP_IMAGE_ID_MAX + 1; n++) {
        memset(longest, 'x', n);
        assert_int_equal(
            run(&cilp_image_references, &references, &none, 1, 0)->what,
            n > CILP_IMAGE_ID_MAX ? CILP_WHAT_NO_IMAGE : CILP_WHAT_NONE);
    }
}

static void ten_images_are_one_question(void **state)
{
    static char text[CILP_REFERENCES_IDS][13];
    static const char *ids[CILP_REFERENCES_IDS + 1];
    static const struct reply some = {
        OK200,
        REFERENCES(REFERENCE("ami-0000000a", "ec2:Instance", INSTANCE)
                       REFERENCE("ami-00000001", "ssm:Parameter",
                                 RECIPE) "</imageReferenceSet>"),
        false};
    static const struct reply nobody = {
        OK200,
        REFERENCES("<item><arn>" RECIPE "</arn></item></imageReferenceSet>"),
        false};

    (void)state;
    for (unsigned i = 0; i < CILP_REFERENCES_IDS; i++) {
        snprintf(text[i], sizeof text[i], "ami-%08x", i + 1);
        ids[i] = text[i];
    }
    image_id = NULL;
    references.ids = ids;
    references.n_ids = CILP_REFERENCES_IDS;
    assert_int_equal(
        run(&cilp_image_references, &references, &some, 1, 0)->outcome,
        CILP_ANSWERED);
    assert_int_equal(references.pages.count, 2);
    assert_string_equal(references.image_id, "ami-00000001");
    assert_non_null(strstr(wire.requests[0],
                           "&ImageId.1=ami-00000001&ImageId.2=ami-00000002&"));
    assert_non_null(
        strstr(wire.requests[0], "&ImageId.10=ami-0000000a&MaxResults=100"));

    memset(&references.pages, 0, sizeof references.pages);
    assert_int_equal(
        run(&cilp_image_references, &references, &nobody, 1, 0)->what,
        CILP_WHAT_OTHER_IMAGE);
    references.n_ids++;
    assert_int_equal(run(&cilp_image_references, &references, NULL, 0, 0)->what,
                     CILP_WHAT_NO_IMAGE);
    references.n_ids = 2;
    ids[1] = "";
    assert_int_equal(run(&cilp_image_references, &references, NULL, 0, 0)->what,
                     CILP_WHAT_NO_IMAGE);
}

/* ---- Regions ----------------------------------------------------------- */

#define REGIONS(set)                                                \
    "<DescribeRegionsResponse xmlns=\"x\"><requestId>r</requestId>" \
    "<regionInfo>" set "</regionInfo></DescribeRegionsResponse>"
#define REGION(name, status)                                               \
    "<item><regionName>" name "</regionName><regionEndpoint>ec2." name     \
    ".amazonaws.com</regionEndpoint><optInStatus>" status "</optInStatus>" \
    "</item>"
#define LONGEST "eu-0123456789012345678901234-xx1" /* 32 bytes */

static void regions_are_handed_out_one_by_one(void **state)
{
    static const struct reply all = {
        OK200,
        REGIONS(
            REGION("us-east-1", "opt-in-not-required") "<item></item>" REGION(
                "af-south-1", "opted-in")),
        false};

    (void)state;
    for (size_t piece = 0; piece < 30; piece++) {
        set_up(NULL);
        assert_int_equal(run(&cilp_regions, &regions, &all, 1, piece)->outcome,
                         CILP_ANSWERED);
        assert_int_equal(regions.pages.count, 2);
        assert_int_equal(n_items, 2);
        assert_string_equal(items[0], "us-east-1");
        assert_string_equal(items[1], "af-south-1");
        assert_string_equal(regions.opt_in, "opted-in");
    }
    assert_non_null(strstr(wire.requests[0], "\r\n\r\nAction=DescribeRegions"
                                             "&Version=2016-11-15"));
    assert_null(strstr(wire.requests[0], "AllRegions"));
    assert_string_equal(cilp_action(&cilp_regions), "DescribeRegions");
}

static void a_broken_list_of_regions_goes_on_where_it_broke(void **state)
{
#define THREE                                               \
    REGIONS(REGION("us-east-1", "") REGION("us-east-2", "") \
                REGION("us-west-1", ""))
    static const struct reply twice[] = {{OK200, THREE, true},
                                         {OK200, THREE, false}};

    (void)state;
    assert_int_equal(run(&cilp_regions, &regions, twice, 2, 0)->outcome,
                     CILP_ANSWERED);
    assert_int_equal(n_items, 3);
    assert_string_equal(items[2], "us-west-1");
}

static void a_name_that_is_too_long_stays_too_long(void **state)
{
    static const struct reply all = {
        OK200, REGIONS(REGION(LONGEST, "") REGION(LONGEST "2345", "")), false};

    (void)state;
    assert_int_equal(run(&cilp_regions, &regions, &all, 1, 0)->outcome,
                     CILP_ANSWERED);
    assert_int_equal(strlen(items[0]), CILP_REGION_MAX);
    assert_int_equal(strlen(items[1]), CILP_REGION_MAX + 1);
}

static void regions_are_refused_and_need_memory(void **state)
{
    static const struct reply no = {BAD400, ERR("UnauthorizedOperation"),
                                    false};

    (void)state;
    assert_int_equal(run(&cilp_regions, NULL, NULL, 0, 0)->what,
                     CILP_WHAT_MEMORY);
    assert_int_equal(run(&cilp_regions, &regions, &no, 1, 0)->outcome,
                     CILP_REFUSED);
    assert_int_equal(cilp_result(&op)->means, CILP_MEANS_DENIED);
}

/* ---- The keys of another call ------------------------------------------ */

static enum cilp_what start_shared(struct cilp_op *to, const struct cilp_op *of)
{
    static struct cilp_request req;

    req = (struct cilp_request){.flow = &cilp_regions,
                                .region = "eu-west-1",
                                .source = &cilp_creds_shared,
                                .source_arg = of,
                                .memory = &regions};
    cilp_start(to, &req, now);
    return cilp_result(to)->what;
}

static void stop_shared(struct cilp_op *to)
{
    cilp_stop(to);
    (void)cilp_next(to, now);
    cilp_end(to);
    (void)cilp_next(to, now);
}

static void keys_of_another_call_are_taken_with_their_expiry(void **state)
{
    static const struct reply all = {OK200, REGIONS(REGION("us-east-1", "")),
                                     false};
    static struct cilp_op other;

    (void)state;
    (void)run(&cilp_regions, &regions, &all, 1, 0);
    op.creds.expires_s = NOON + 3600; /* as a source that talks has it */
    op.came_good = true;
    assert_true(cilp_init(&other, sizeof other));
    assert_int_equal(start_shared(&other, &op), CILP_WHAT_NONE);
    assert_string_equal(cilp_key_id(&other), cilp_key_id(&op));
    assert_memory_equal(&other.creds, &op.creds, sizeof op.creds);
    assert_int_equal(cilp_expires_s(&other), NOON + 3600);
    assert_true(other.came_good);
    stop_shared(&other);
    assert_string_equal(cilp_key_id(&other), "");
    op.creds.expires_s = 0;
}

static void without_keys_of_another_call_nothing_is_sent(void **state)
{
    static struct cilp_op other, empty;

    (void)state;
    assert_true(cilp_init(&empty, sizeof empty));
    assert_true(cilp_init(&other, sizeof other));
    assert_int_equal(start_shared(&other, NULL), CILP_WHAT_SOURCE_ARG);
    assert_int_equal(start_shared(&other, &other), CILP_WHAT_SOURCE_ARG);
    assert_int_equal(start_shared(&other, &empty), CILP_WHAT_SOURCE_ARG);
    assert_int_equal(cilp_result(&other)->err, CILP_E_CREDS);
    stop_shared(&other);
}

/* ---- Identity ---------------------------------------------------------- */

#define WHO(account) WHO_IS(account, "arn:aws:iam::" account ":user/a")
#define WHO_IS(account, arn)                                            \
    "<GetCallerIdentityResponse xmlns=\"https://sts/\">"                \
    "<GetCallerIdentityResult><Arn>" arn "</Arn><UserId>A"              \
    "</UserId><Account>" account "</Account></GetCallerIdentityResult>" \
    "<ResponseMetadata><RequestId>r-3</RequestId></ResponseMetadata>"   \
    "</GetCallerIdentityResponse>"

static void sts_tells_who_is_calling(void **state)
{
    static const struct reply r = {OK200, WHO("123456789012"), false};

    (void)state;
    assert_int_equal(run(&cilp_identity, &who, &r, 1, 3)->outcome,
                     CILP_ANSWERED);
    assert_string_equal(who.account, "123456789012");
    assert_string_equal(who.arn, "arn:aws:iam::123456789012:user/a");
    assert_string_equal(cilp_peer(&op)->host, "sts.us-east-1.amazonaws.com");
    assert_non_null(strstr(wire.requests[0], "/us-east-1/sts/aws4_request"));
}

static void an_account_is_twelve_digits(void **state)
{
    static const struct reply bad[] = {{OK200, WHO("12345678901"), false},
                                       {OK200, WHO("12345678901x"), false}};
    static const struct reply refused = {
        "HTTP/1.1 403 No\r\n",
        "<ErrorResponse><Error><Type>Sender</Type>"
        "<Code>InvalidClientTokenId</Code><Message>m</Message></Error>"
        "<RequestId>r</RequestId></ErrorResponse>",
        false};

    (void)state;
    assert_int_equal(run(&cilp_identity, &who, &bad[0], 1, 0)->err,
                     CILP_E_REPLY);
    assert_int_equal(run(&cilp_identity, &who, &bad[1], 1, 0)->err,
                     CILP_E_REPLY);
    assert_int_equal(run(&cilp_identity, &who, &refused, 1, 0)->outcome,
                     CILP_REFUSED);
    assert_string_equal(cilp_result(&op)->code, "InvalidClientTokenId");
}

static void the_arn_is_of_the_same_account(void **state)
{
    static const struct reply bad[] = {
        {OK200, WHO_IS("123456789012", ""), false},
        {OK200, WHO_IS("123456789012", "arn:aws:iam:"), false},
        {OK200, WHO_IS("123456789012", "arn:aws:iam::12345678901"), false},
        {OK200, WHO_IS("123456789012", "arn:aws:iam::210987654321:u"), false},
        {OK200, WHO_IS("123456789012", "arn:aws:iam::1234567890123:u"), false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        set_up(NULL);
        assert_int_equal(run(&cilp_identity, &who, &bad[i], 1, 0)->what,
                         CILP_WHAT_TWO_ACCOUNTS);
        assert_int_equal(cilp_result(&op)->err, CILP_E_REPLY);
    }
}

/* ---- The clock --------------------------------------------------------- */

#define YES                                                      \
    "<CancelImageLaunchPermissionResponse><return>true</return>" \
    "</CancelImageLaunchPermissionResponse>"

static void an_unset_clock_is_set_before_anything_is_signed(void **state)
{
    static const struct reply replies[] = {
        {"HTTP/1.1 302 Found\r\nDate: " DATE "\r\n", "<html/>", false},
        {OK200, YES, false},
        {OK200, YES, false}};
    const struct cilp_result *r;

    (void)state;
    now.unix_s = 17;
    now.trusted = false;
    r = run(&cilp_cancel, NULL, replies, 2, 5);
    assert_int_equal(r->outcome, CILP_CANCELLED);
    assert_int_equal(r->attempts, 1);
    assert_true(r->clock_learnt);
    assert_int_equal(r->clock_offset_s, NOON - 17);
    assert_int_equal(wire.opens, 2);
    assert_false(wire.peers[0].judge_dates);
    assert_true(wire.peers[1].judge_dates);
    assert_int_equal(wire.peers[1].unix_s, NOON);
    assert_string_equal(
        wire.requests[0],
        "GET / HTTP/1.1\r\nHost: ec2.us-east-1.amazonaws.com\r\n\r\n");
    assert_non_null(strstr(wire.requests[1], "X-Amz-Date: 20260115T1200"));

    /* The offset is kept: the next call asks nobody. */
    r = run(&cilp_cancel, NULL, replies + 1, 1, 0);
    assert_int_equal(r->outcome, CILP_CANCELLED);
    assert_true(r->clock_learnt);
    wire.opens++; /* it was opened by the call before */
}

/* What is signed is shown; the question for the time is not. */
static void the_question_for_the_time_has_no_canonical_request(void **state)
{
    struct cilp_request req = {.flow = &cilp_cancel,
                               .clock = &cilp_clock_learn,
                               .image_id = ID,
                               .region = "us-east-1",
                               .source_arg = &keys,
                               .source = &cilp_creds_static};
    char text[16];

    (void)state;
    memset(&wire, 0, sizeof wire);
    now.trusted = false;
    cilp_start(&op, &req, now);
    assert_int_equal(cilp_next(&op, now), CILP_OPEN);
    wire.opens++;
    cilp_opened(&op);
    assert_int_equal(cilp_next(&op, now), CILP_SEND);
    assert_int_equal(cilp_canonical_request(&op, text, sizeof text), 0);
}

static void a_peer_without_a_date_cannot_set_a_clock(void **state)
{
    static const struct reply r = {"HTTP/1.1 200 OK\r\n", "", false};

    (void)state;
    now.trusted = false;
    assert_int_equal(run(&cilp_cancel, NULL, &r, 1, 0)->err, CILP_E_CLOCK);
    assert_int_equal(cilp_result(&op)->outcome, CILP_NOT_SENT);
    assert_false(cilp_result(&op)->sent);
}

static void the_time_is_asked_for_again_if_the_reply_is_lost(void **state)
{
    static const struct reply replies[] = {
        {"HTTP/1.1 302 Found\r\nDate: " DATE "\r\n", "<html>lost</html>", true},
        {"HTTP/1.1 302 Found\r\nDate: " DATE "\r\n", "", false},
        {OK200, YES, false}};

    (void)state;
    now.trusted = false;
    assert_int_equal(run(&cilp_cancel, NULL, replies, 3, 0)->outcome,
                     CILP_CANCELLED);
    assert_int_equal(cilp_result(&op)->attempts, 2);
}

/* Over plain http anybody could have written the Date: nothing is learnt. */
static void only_a_verified_peer_is_believed_about_the_time(void **state)
{
    static const struct reply replies[] = {
        {BAD400, ERR("RequestExpired"), false}};

    (void)state;
    endpoint = "http://localhost:8080";
    for (int trusted = 0; trusted < 2; trusted++) {
        now.unix_s = NOON - 86400;
        now.trusted = trusted;
        assert_int_equal(run(&cilp_cancel, NULL, replies, 1, 0)->outcome,
                         CILP_REFUSED);
        assert_string_equal(cilp_result(&op)->code, "RequestExpired");
        assert_false(cilp_result(&op)->clock_learnt);
        assert_int_equal(cilp_result(&op)->clock_offset_s, 0);
        assert_true(cilp_result(&op)->sent);
    }
}

static void a_refusal_that_a_wrong_date_explains_is_signed_anew(void **st)
{
    static const struct {
        const char *code;
        int64_t skew;
        bool again;
        /* clang-format off */
    } rows[] = {
        {"RequestExpired", 86400, true},  {"RequestExpired", -86400, true},
        {"AuthFailure", 240, true},       {"AuthFailure", -240, true},
        {"AuthFailure", 239, false},      {"RequestExpired", 239, false},
        {"SignatureDoesNotMatch", 300, true},
        {"InvalidSignatureException", 300, true},
        {"RequestTimeTooSkewed", 300, true},
        {"RequestInTheFuture", -300, true},
        {"UnauthorizedOperation", 86400, false},
    };
    /* clang-format on */
    char error[512];
    struct reply replies[] = {
        {"HTTP/1.1 401 No\r\nDate: " DATE "\r\n", error, false},
        {OK200, YES, false}};

    (void)st;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct cilp_result *r;

        set_up(NULL);
        now.unix_s = NOON - rows[i].skew;
        snprintf(error, sizeof error, ERR("%s"), rows[i].code);
        r = run(&cilp_cancel, NULL, replies, 2, 0);
        if ((r->outcome == CILP_CANCELLED) != rows[i].again)
            fail_msg("row %zu: outcome %d", i, r->outcome);
        assert_int_equal(r->attempts, 1);
        assert_true(r->clock_learnt == rows[i].again);
        if (rows[i].again)
            assert_int_equal(r->clock_offset_s, rows[i].skew);
    }
}

/* What is refused with the peer's date, too, is refused, even if the peer
 * changes its mind about the time. */
static void a_date_is_corrected_once_a_call(void **state)
{
    static const char *const second[] = {
        "HTTP/1.1 401 No\r\nDate: " DATE "\r\n",
        "HTTP/1.1 401 No\r\nDate: Fri, 16 Jan 2026 12:00:00 GMT\r\n"};

    (void)state;
    for (size_t i = 0; i < COUNT(second); i++) {
        const struct reply replies[] = {{second[0], ERR("AuthFailure"), false},
                                        {second[i], ERR("AuthFailure"), false}};

        set_up(NULL);
        now.unix_s = NOON - 86400;
        assert_int_equal(run(&cilp_cancel, NULL, replies, 2, 0)->outcome,
                         CILP_REFUSED);
        assert_int_equal(wire.next, 2);
        assert_int_equal(cilp_result(&op)->clock_offset_s, 86400);
    }
}

/* An image with a good clock names no object to mend it. */
static void without_the_object_nothing_is_mended(void **state)
{
    static const struct reply replies[] = {
        {"HTTP/1.1 401 No\r\nDate: " DATE "\r\n", ERR("AuthFailure"), false}};
    const struct cilp_result *r;

    (void)state;
    mending = NULL;
    now.unix_s = NOON - 86400;
    r = run(&cilp_cancel, NULL, replies, 1, 0);
    assert_int_equal(r->outcome, CILP_REFUSED);
    assert_false(r->clock_learnt);
    assert_int_equal(r->date_s, 0);

    set_up(NULL);
    mending = NULL;
    now.trusted = false;
    r = run(&cilp_cancel, NULL, NULL, 0, 0);
    assert_int_equal(r->outcome, CILP_NOT_SENT);
    assert_int_equal(r->err, CILP_E_CLOCK);
    assert_int_equal(r->what, CILP_WHAT_NO_CLOCK);
    assert_int_equal(wire.opens, 0);
}

int main(void)
{
#define T(f)    cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define LOOP(f) cmocka_unit_test_setup(f, set_up)
    const struct CMUnitTest tests[] = {
        LOOP(a_look_finds_the_image),
        LOOP(what_is_not_seen_is_an_answer),
        LOOP(a_look_at_permissions_finds_or_leaves_the_image),
        LOOP(a_look_that_is_not_answered_says_why),
        LOOP(throttling_and_lost_replies_are_retried),
        LOOP(memory_and_ids_are_checked),
        LOOP(ids_and_names_have_a_longest_length),
        LOOP(a_list_goes_on_page_after_page),
        LOOP(a_page_that_breaks_is_asked_for_again_from_where_it_broke),
        T(a_list_that_breaks_says_how_far_it_came),
        LOOP(pages_that_lead_nowhere_are_refused),
        LOOP(references_come_in_pages_too),
        T(a_reference_to_another_image_is_no_answer),
        T(a_question_that_is_refused_says_so),
        LOOP(references_are_of_an_image_and_into_memory),
        LOOP(ten_images_are_one_question),
        LOOP(regions_are_handed_out_one_by_one),
        T(a_broken_list_of_regions_goes_on_where_it_broke),
        LOOP(a_name_that_is_too_long_stays_too_long),
        LOOP(regions_are_refused_and_need_memory),
        T(keys_of_another_call_are_taken_with_their_expiry),
        LOOP(without_keys_of_another_call_nothing_is_sent),
        T(sts_tells_who_is_calling),
        LOOP(an_account_is_twelve_digits),
        LOOP(the_arn_is_of_the_same_account),
        LOOP(an_unset_clock_is_set_before_anything_is_signed),
        T(the_question_for_the_time_has_no_canonical_request),
        T(a_peer_without_a_date_cannot_set_a_clock),
        T(the_time_is_asked_for_again_if_the_reply_is_lost),
        LOOP(only_a_verified_peer_is_believed_about_the_time),
        LOOP(a_refusal_that_a_wrong_date_explains_is_signed_anew),
        LOOP(a_date_is_corrected_once_a_call),
        T(without_the_object_nothing_is_mended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
