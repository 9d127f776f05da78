/*
 * The file of a plan: whatever it is, and however its bytes come, each reading tells
 * the same; what it gives is an image's id, a Region's name and an account; the
 * second reading gives what the first one gave. The first byte picks how it is cut.
 */
#include <unistd.h>

#include "boards/linux/plan_file.h"

#include "boards/linux/image_id.h"
#include "core/account.h"
#include "core/cilp.h"
#include "tests/fuzz/same.h"

/* Its names are kept for a run's time: here for one input's. */
#include "boards/linux/region_names.c"

/* ---- The file -------------------------------------------------------------- */

static struct {
    const uint8_t *p;
    size_t n, at, piece;
} text;

const char *cilp_posix_file_open(struct cilp_posix_file *f, const char *path,
                                 size_t max)
{
    (void)path;
    f->fd = STDERR_FILENO; /* it is asked for its date */
    f->max = f->left = max;
    text.at = 0;
    return NULL;
}

size_t cilp_posix_file_read(struct cilp_posix_file *f, uint8_t *p, size_t cap)
{
    size_t n = text.n - text.at;

    MUST(f->fd == STDERR_FILENO && cap > 0);
    n = n < cap ? n : cap;
    n = n < text.piece ? n : text.piece;
    memcpy(p, text.p + text.at, n);
    text.at += n;
    return n;
}

bool cilp_posix_file_rewind(struct cilp_posix_file *f)
{
    (void)f;
    text.at = 0;
    return true;
}

void cilp_posix_file_close(struct cilp_posix_file *f)
{
    f->fd = -1;
}

/* ---- A plan ---------------------------------------------------------------- */

static struct plan_file plan;
static struct script said, first, images;
static int has_first;

static void tell_image(struct script *s)
{
    MUST(image_id_fault(plan.image) == NULL && cilp_is_account(plan.owner));
    MUST(cilp_region_is_valid(plan.region));
    script_add(s, plan.image, strlen(plan.image) + 1);
    script_add(s, plan.region, strlen(plan.region) + 1);
    script_add(s, plan.owner, strlen(plan.owner) + 1);
}

/* To its end, or to the line that is wrong. */
static enum plan_rc read_images(struct script *s)
{
    enum plan_rc rc;
    uint32_t n = 0;

    while ((rc = plan_next(&plan)) == PLAN_IMAGE) {
        MUST(plan.n == ++n);
        tell_image(s);
    }
    MUST(rc == PLAN_END || plan.fault != NULL);
    return rc;
}

static void read_plan(void)
{
    const char *fault = plan_open(&plan, "plan");
    enum plan_rc rc;

    said.len = images.len = 0;
    if (fault) {
        script_add(&said, fault, strlen(fault) + 1);
    } else {
        MUST(cilp_is_account(plan.account));
        rc = read_images(&said);
        script_add_number(&said, rc);
        if (rc == PLAN_BAD)
            script_add(&said, plan.fault, strlen(plan.fault) + 1);
        else
            MUST(strlen(plan.failed) < sizeof plan.failed);
        script_add_number(&said, plan.line);
        /* once more, for one of its Regions */
        if (rc == PLAN_END) {
            MUST(plan_is_same(&plan) && plan_rewind(&plan));
            MUST(read_images(&images) == PLAN_END);
            MUST(images.len <= said.len &&
                 !memcmp(images.bytes, said.bytes, images.len));
        }
        memset(plan.known, 0, sizeof plan.known);
    }
    plan_close(&plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    const size_t pieces[] = {SIZE_MAX, n > 0 ? 1u + p[0] : 1, 1};

    text.p = p + (n > 0);
    text.n = n - (n > 0);
    has_first = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        n_names = 0;
        plan.line = plan.n = 0;
        plan.pos = plan.len = 0;
        plan.at_end = false;
        text.piece = pieces[i];
        read_plan();
        MUST(script_check(&said, &first, &has_first) == NULL);
    }
    return 0;
}
