/*
 * plan_file.h - what cilp plan writes and cilp apply reads: lines of JSON.
 *
 *     {"plan":1,"account":...,"principal":...,"time":...,"filters":{...},...}
 *     {"image":...,"region":...,"owner":...,"name":...,...}       of each AMI
 *     {"end":N,"failed":"eu-west-1,..."}    N AMIs were written; Regions that
 *                                           could not be listed, or not wholly
 *
 * Lines of AMIs may be deleted by hand; without its end it was cut. It is read
 * line by line, in constant memory: once wholly before anything is cancelled, and
 * then once for each of its Regions.
 */
#ifndef LINUX_PLAN_FILE_H
#define LINUX_PLAN_FILE_H

#include <sys/stat.h>

#include "boards/linux/region_names.h"
#include "boards/linux/say/out.h"
#include "core/image.h"
#include "core/json.h"
#include "port/posix/file.h"

#define PLAN_FORMAT     1
#define PLAN_LINE_MAX   8192 /* bytes */
#define PLAN_IMAGES_MAX 100000
#define PLAN_BYTES_MAX  ((size_t)128 * 1024 * 1024)
#define PLAN_SLOTS      131072 /* of a table of hashes, a power of 2 */

/* All names of Regions, with commas between them. */
#define PLAN_REGIONS_LEN (REGIONS_MAX * (CILP_REGION_MAX + 2))

/* ---- Writing --------------------------------------------------------------- */

struct plan_about {
    const char *account, *principal;
    const char *regions;      /* as they were asked for */
    const char *owner, *name; /* filters; or NULL */
    uint32_t older_than;      /* days; 0: none */
    int64_t time_s;           /* when it was made, UTC */
};

void plan_put_head(struct out *o, const struct plan_about *about);

/* used: resources of the account that refer to it; below 0: not known. */
void plan_put_image(struct out *o, const struct cilp_image *image,
                    const char *region, int32_t used);

/* failed: names with commas between them, or "". */
void plan_put_end(struct out *o, uint32_t n, const char *failed);

/* ---- Reading --------------------------------------------------------------- */

enum plan_rc {
    PLAN_IMAGE, /* image, region and owner are the next */
    PLAN_END,
    PLAN_BAD /* fault says what is wrong with line `line` */
};

/* All zero at first. Contents are private but for the marked ones. */
struct plan_file {
    uint32_t line;             /* read it: of the last line, from 1 */
    const char *fault;         /* read it: static text, behind "line N " */
    char account[13];          /* read it */
    int64_t time_s;            /* read it */
    uint32_t n;                /* read it: images so far */
    char image[22], owner[13]; /* read them */
    const char *region;        /* read it: of region_names.h */
    char failed[PLAN_REGIONS_LEN + 1]; /* read it after the end; or "" */

    struct cilp_posix_file file;
    struct stat seen; /* as it was when it was opened */
    bool at_end, judges;
    size_t pos, len; /* in buf: what was read and not looked at yet */
    uint64_t known[PLAN_SLOTS];
    char text[PLAN_LINE_MAX + CILP_JSON_ROOM(64)];
    char buf[8192];
};

/* Open it and read its head. NULL, or what is wrong: of line `line`, or, if that is
 * 0, behind its path. */
const char *plan_open(struct plan_file *p, const char *path);

/* The next image. In the first reading what stands twice is found, too, and the
 * Regions are put among region_names.h's. */
enum plan_rc plan_next(struct plan_file *p);

/* Back to behind the head, for another reading. False: it cannot be. */
bool plan_rewind(struct plan_file *p);

/* Is it the file that was opened, unchanged? */
bool plan_is_same(const struct plan_file *p);

void plan_close(struct plan_file *p);

#endif
