#include "boards/linux/plan_file.h"

#include <stdlib.h>
#include <string.h>

#include "boards/linux/image_id.h"
#include "boards/linux/say/json.h"
#include "core/account.h"
#include "core/cilp.h"
#include "core/text.h"
#include "core/utc.h"

static const char LONG_LINE[] = "has more than " CILP_STRINGIFY(
    PLAN_LINE_MAX) " bytes, as no line of a plan has: make it anew";
static const char MANY_REGIONS[] =
    "is of one Region too many: a plan is of " CILP_STRINGIFY(
        REGIONS_MAX) " at most; make two, each with its --regions";
static const char MANY_IMAGES[] =
    "is one AMI too many: a plan has " CILP_STRINGIFY(
        PLAN_IMAGES_MAX) " at most; make two, each with its --owner or --regions";

/* ---- Writing --------------------------------------------------------------- */

/* see plan_file.h */
void plan_put_head(struct out *o, const struct plan_about *about)
{
    struct json j;

    json_begin(&j, o);
    json_int(&j, "plan", PLAN_FORMAT);
    json_str(&j, "account", about->account);
    json_str(&j, "principal", about->principal);
    json_time(&j, "time", about->time_s);
    json_open(&j, "filters", '{');
    json_str(&j, "regions", about->regions);
    json_str(&j, "owner", about->owner);
    json_str(&j, "name", about->name);
    json_count(&j, "older_than_days", about->older_than);
    json_close(&j, '}');
    json_str(&j, "version", CILP_VERSION);
    json_end(&j);
}

/* What EC2's list tells: it has what is shared with the account or with its
 * organization, and not which of the two. */
static const char *grant_of(const struct cilp_image *image)
{
    return strcmp(image->is_public, "true") == 0
               ? "the account's or none: it is public"
               : "the account's or its organization's";
}

/* see plan_file.h */
void plan_put_image(struct out *o, const struct cilp_image *image,
                    const char *region, int32_t used)
{
    struct json j;

    json_begin(&j, o);
    json_str(&j, "image", image->id);
    json_str(&j, "region", region);
    json_str(&j, "owner", image->owner);
    json_str(&j, "name", image->name);
    json_str(&j, "created", image->created);
    json_str(&j, "deprecated", image->deprecated);
    if (used < 0)
        json_str(&j, "in_use", NULL);
    else
        json_int(&j, "in_use", used);
    json_str(&j, "grant", grant_of(image));
    json_str(&j, "why", "shared with this account, and passed the filters");
    json_end(&j);
}

/* see plan_file.h */
void plan_put_end(struct out *o, uint32_t n, const char *failed)
{
    struct json j;

    json_begin(&j, o);
    json_int(&j, "end", n);
    json_str(&j, "failed", failed);
    json_end(&j);
}

/* ---- Lines ------------------------------------------------------------------ */

static enum plan_rc bad(struct plan_file *p, const char *fault)
{
    p->fault = fault;
    return PLAN_BAD;
}

static bool fill(struct plan_file *p)
{
    size_t n = cilp_posix_file_read(&p->file, (uint8_t *)p->buf, sizeof p->buf);

    if (n == CILP_POSIX_FILE_FAILED)
        return false;
    p->pos = 0;
    p->len = n;
    p->at_end = n == 0;
    return true;
}

/* The next line into text, *n bytes of it. END: there is none. */
static enum plan_rc read_line(struct plan_file *p, size_t *n)
{
    *n = 0;
    p->line++;
    for (;; p->pos++) {
        if (p->pos == p->len && !fill(p))
            return bad(p, "cannot be read");
        if (p->at_end)
            return *n ? bad(p, "is cut: it has no line end") : PLAN_END;
        if (p->buf[p->pos] == '\n')
            break;
        if (*n == PLAN_LINE_MAX)
            return bad(p, LONG_LINE);
        p->text[(*n)++] = p->buf[p->pos];
    }
    p->pos++;
    return PLAN_IMAGE;
}

enum { PLAN, ACCOUNT, TIME, IMAGE, REGION, OWNER, END, FAILED, FIELDS };

static const struct cilp_json_field KNOWN[FIELDS] = {
    [PLAN] = {"plan", CILP_JSON_INTEGER},
    [ACCOUNT] = {"account", CILP_JSON_STRING},
    [TIME] = {"time", CILP_JSON_STRING},
    [IMAGE] = {"image", CILP_JSON_STRING},
    [REGION] = {"region", CILP_JSON_STRING},
    [OWNER] = {"owner", CILP_JSON_STRING},
    [END] = {"end", CILP_JSON_INTEGER},
    [FAILED] = {"failed", CILP_JSON_STRING},
};

static const char *json_fault(enum cilp_what what)
{
    if (what == CILP_WHAT_JSON_TWICE)
        return "has a name twice";
    if (what == CILP_WHAT_JSON_TYPE)
        return "has a value of another type, or with control characters";
    return what == CILP_WHAT_JSON_ROOM ? "has too many values"
                                       : "is no JSON object";
}

/* IMAGE: it has some of the fields. END: there is no line. */
static enum plan_rc read_fields(struct plan_file *p, const char *v[FIELDS])
{
    size_t n;
    enum plan_rc rc = read_line(p, &n);
    enum cilp_what what;

    if (rc != PLAN_IMAGE)
        return rc;
    what = cilp_json_read(p->text, n, sizeof p->text, KNOWN, FIELDS, v, NULL);
    return what ? bad(p, json_fault(what)) : PLAN_IMAGE;
}

/* ---- The head --------------------------------------------------------------- */

static enum plan_rc read_head(struct plan_file *p)
{
    const char *v[FIELDS] = {NULL};
    enum plan_rc rc = read_fields(p, v);

    if (rc == PLAN_END)
        return bad(p, "is not there: the plan is empty");
    if (rc == PLAN_BAD)
        return rc;
    if (!v[PLAN])
        return bad(p, "does not begin a plan of cilp's");
    if (strcmp(v[PLAN], "1") != 0)
        return bad(p, "is of a plan in another format than 1: make it anew");
    if (!cilp_is_account(v[ACCOUNT]))
        return bad(p, "has no \"account\" of 12 digits");
    if (!v[TIME] || !cilp_utc_from_iso(v[TIME], strlen(v[TIME]), &p->time_s))
        return bad(p, "has no \"time\" like 2026-01-15T12:00:00Z");
    strcpy(p->account, v[ACCOUNT]);
    return PLAN_IMAGE;
}

/* see plan_file.h */
const char *plan_open(struct plan_file *p, const char *path)
{
    const char *fault = cilp_posix_file_open(&p->file, path, PLAN_BYTES_MAX);

    p->judges = true;
    if (!fault && fstat(p->file.fd, &p->seen) != 0)
        fault = "cannot be read";
    if (fault)
        return fault;
    return read_head(p) == PLAN_BAD ? p->fault : NULL;
}

/* ---- Images ----------------------------------------------------------------- */

/* FNV-1a. */
static uint64_t hash_of(const char *s, uint64_t h)
{
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 0x100000001b3u;
    return h;
}

/* Did it stand there before? There is room for more than PLAN_IMAGES_MAX. */
static bool is_known(struct plan_file *p)
{
    uint64_t h = hash_of(p->image, hash_of(p->region, 0xcbf29ce484222325u));
    size_t at = h % PLAN_SLOTS;

    h = h ? h : 1; /* 0 is an empty slot */
    for (; p->known[at]; at = (at + 1) % PLAN_SLOTS)
        if (p->known[at] == h)
            return true;
    p->known[at] = h;
    return false;
}

static bool take_region(struct plan_file *p, const char *name)
{
    if (!name || !cilp_region_is_valid(name))
        p->fault = "has no \"region\" that is a Region's name";
    else if (!(p->region = region_names_keep(name)))
        p->fault = MANY_REGIONS;
    else
        return true;
    return false;
}

static enum plan_rc take_image(struct plan_file *p, const char *const v[FIELDS])
{
    if (v[PLAN])
        return bad(p, "begins a second plan: apply one after the other");
    if (!v[IMAGE] || image_id_fault(v[IMAGE]))
        return bad(p, "has no \"image\" that is the id of an AMI");
    if (!cilp_is_account(v[OWNER]))
        return bad(p, "has no \"owner\" of 12 digits");
    if (p->n == PLAN_IMAGES_MAX)
        return bad(p, MANY_IMAGES);
    if (!take_region(p, v[REGION]))
        return PLAN_BAD;
    strcpy(p->image, v[IMAGE]);
    strcpy(p->owner, v[OWNER]);
    if (p->judges && is_known(p))
        return bad(p, "has an image that stands in the plan before");
    p->n++;
    return PLAN_IMAGE;
}

/* Lines may have been taken away, and none put in. */
static enum plan_rc take_end(struct plan_file *p, const char *const v[FIELDS])
{
    size_t n;
    enum plan_rc rc;

    if (strlen(v[END]) > 9 || strtoul(v[END], NULL, 10) < p->n)
        return bad(p, "counts fewer images than there are");
    if (v[FAILED] && strlen(v[FAILED]) >= sizeof p->failed)
        return bad(p, "has a \"failed\" that is no list of Regions");
    strcpy(p->failed, v[FAILED] ? v[FAILED] : "");
    rc = read_line(p, &n);
    return rc == PLAN_IMAGE ? bad(p, "stands behind the end") : rc;
}

/* see plan_file.h */
enum plan_rc plan_next(struct plan_file *p)
{
    const char *v[FIELDS] = {NULL};
    enum plan_rc rc = read_fields(p, v);

    if (rc == PLAN_END)
        return bad(p, "is not there: the plan was cut, it has no end");
    if (rc == PLAN_BAD)
        return rc;
    return v[END] ? take_end(p, v) : take_image(p, v);
}

/* see plan_file.h */
bool plan_rewind(struct plan_file *p)
{
    size_t n;

    p->judges = false;
    p->line = p->n = 0;
    p->pos = p->len = 0;
    p->at_end = false;
    return cilp_posix_file_rewind(&p->file) && read_line(p, &n) == PLAN_IMAGE;
}

/* see plan_file.h */
bool plan_is_same(const struct plan_file *p)
{
    struct stat now;

    return fstat(p->file.fd, &now) == 0 && now.st_size == p->seen.st_size &&
           now.st_mtim.tv_sec == p->seen.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == p->seen.st_mtim.tv_nsec;
}

/* see plan_file.h */
void plan_close(struct plan_file *p)
{
    cilp_posix_file_close(&p->file);
}
