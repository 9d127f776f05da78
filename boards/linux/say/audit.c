#include "boards/linux/say/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boards/linux/say/json.h"
#include "boards/linux/say/use.h"
#include "port/posix/file.h"

static const char full[] = "is on a disk that is full";

static const char *open_fault(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR: return "is in a folder that does not exist";
    case EACCES:
    case EPERM:
    case EROFS: return "may not be written by this user";
    case ENOSPC:
    case EDQUOT: return full;
    case EISDIR:
    case ENXIO: return "is not a regular file"; /* ENXIO: a FIFO */
    default: return cilp_posix_file_fault(number);
    }
}

/* A full disk is said while nothing has been sent: room for a line is taken,
 * which the file's size does not show. A file system that cannot tell is no
 * reason to stop. */
static bool has_room(int fd, off_t size, off_t line)
{
    return fallocate(fd, FALLOC_FL_KEEP_SIZE, size, line) == 0 ||
           (errno != ENOSPC && errno != EDQUOT);
}

static const char *check(int fd, off_t line)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return open_fault(errno);
    if (!S_ISREG(st.st_mode))
        return "is not a regular file";
    return has_room(fd, st.st_size, line) ? NULL : full;
}

/* see audit.h */
const char *audit_open(struct audit *a, const char *path)
{
    const char *fault;
    int fd = STDOUT_FILENO;

    if (strcmp(path, "-") != 0) {
        /* O_NONBLOCK: a FIFO without a reader must not keep us */
        fd = open(path,
                  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK |
                      O_NOCTTY,
                  S_IRUSR | S_IWUSR);
        if (fd < 0)
            return open_fault(errno);
        fault = check(fd, sizeof a->buf);
        if (fault) {
            close(fd);
            return fault;
        }
    }
    out_init_with(&a->out, fd, a->buf, sizeof a->buf);
    return NULL;
}

/* Of an AMI that was left alone: what the question told. */
static void put_use(struct json *j, const struct report *r)
{
    if (r->use)
        json_int(j, "in_use", r->use->references.pages.count);
    else if (r->flow == &cilp_image_references)
        json_str(j, "in_use", "unknown");
}

static void put_line(struct audit *a, const struct report *r, int64_t unix_s,
                     uint32_t ms, bool is_last)
{
    const struct cilp_result *e = &r->result;
    bool knows = cilp_errand_knows(a->errand, e);
    struct json j;

    json_begin(&j, &a->out);
    json_time(&j, "time", unix_s);
    json_str(&j, "account", knows ? a->errand->me.account : NULL);
    json_str(&j, "principal", knows ? a->errand->me.arn : NULL);
    json_str(&j, "access_key_id", a->key_id);
    json_str(&j, "region", r->set->req.region);
    json_str(&j, "host", r->peer.host);
    json_str(&j, "image", r->image_id);
    json_str(&j, "verdict", is_last ? report_word(r) : "retried");
    put_use(&j, r);
    json_count(&j, "http_status", e->http_status);
    json_str(&j, "code", e->code);
    json_str(&j, "request_id", e->request_id);
    json_str(&j, "invocation_id", e->invocation_id);
    json_int(&j, "clock_offset_s", e->clock_offset_s);
    json_int(&j, "attempt", e->attempts);
    json_int(&j, "ms", ms);
    json_str(&j, "version", CILP_VERSION);
    json_end(&j);
}

/* see audit.h */
void audit_line(struct audit *a, const struct report *r, int64_t unix_s,
                uint32_t ms, bool is_last)
{
    a->out.failed = false; /* the disk may have room again */
    put_line(a, r, unix_s, ms, is_last);
    if (out_flush(&a->out) || a->told)
        return;
    a->told = true;
    note("a line of the audit could not be written", NULL,
         "; the outcome is told all the same");
}
