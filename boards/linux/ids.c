#include "boards/linux/ids.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "boards/linux/image_id.h"
#include "boards/linux/stop.h"

/* ---- Bytes ------------------------------------------------------------- */

/* Wait for the input; signals come through only here. */
static bool wait_readable(const struct ids *ids)
{
    struct pollfd p = {ids->fd, POLLIN, 0};

    while (!stop_signal())
        if (ppoll(&p, 1, NULL, ids->waiting) > 0)
            return !stop_signal();
    return false;
}

/* More input into buf, which is empty. */
static enum ids_rc fill(struct ids *ids)
{
    ssize_t n;

    do {
        if (!wait_readable(ids))
            return IDS_STOPPED;
        n = read(ids->fd, ids->buf, sizeof ids->buf);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n < 0) {
        ids->fault = "standard input cannot be read";
        return IDS_BROKEN;
    }
    ids->pos = 0;
    ids->len = (size_t)n;
    ids->at_end = n == 0;
    return IDS_ONE;
}

/* ---- Lines ------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static enum ids_rc broken(struct ids *ids, const char *fault)
{
    ids->fault = fault;
    return IDS_BROKEN;
}

/* IDS_END: there is none. */
static enum ids_rc next_byte(struct ids *ids, char *c)
{
    if (ids->pos == ids->len && !ids->at_end) {
        enum ids_rc rc = fill(ids);

        if (rc != IDS_ONE)
            return rc;
    }
    if (ids->at_end)
        return IDS_END;
    *c = ids->buf[ids->pos++];
    return IDS_ONE;
}

static bool has_controls(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (((uint8_t)s[i] < 0x20 && s[i] != '\t') || s[i] == 0x7F)
            return true;
    return false;
}

/* text has n bytes of a line: without the CR of another system's line end. */
static enum ids_rc end_line(struct ids *ids, size_t n)
{
    if (n > 0 && ids->text[n - 1] == '\r')
        n--;
    ids->text[n] = '\0';
    if (has_controls(ids->text, n))
        return broken(ids, "has control characters: is this text?");
    return IDS_ONE;
}

/* A line into text. IDS_END: there is none. */
static enum ids_rc read_line(struct ids *ids)
{
    enum ids_rc rc;
    size_t n = 0;
    char c;

    while ((rc = next_byte(ids, &c)) == IDS_ONE && c != '\n') {
        if (n == IDS_LINE_MAX)
            return broken(ids, "is longer than 256 bytes");
        ids->text[n++] = c;
    }
    if (rc != IDS_ONE && (rc != IDS_END || n == 0))
        return rc;
    return end_line(ids, n);
}

/* The line without blanks around it. */
static void trim(struct ids *ids)
{
    char *s = ids->text, *end;

    while (is_blank(*s))
        s++;
    end = s + strlen(s);
    while (end > s && is_blank(end[-1]))
        end--;
    *end = '\0';
    ids->id = s;
}

static enum ids_rc next_line(struct ids *ids)
{
    do {
        enum ids_rc rc;

        if (ids->line == IDS_LINES_MAX)
            return broken(ids, "is the last one that is read: 1000000 lines"
                               " are a batch");
        ids->line++;
        rc = read_line(ids);
        if (rc != IDS_ONE)
            return rc;
        trim(ids);
    } while (ids->id[0] == '\0' || ids->id[0] == '#');
    return IDS_ONE;
}

/* ---- Ids --------------------------------------------------------------- */

/* see ids.h */
void ids_init(struct ids *ids, char *const *words, size_t n_words, bool any,
              int fd, const sigset_t *waiting)
{
    memset(ids, 0, sizeof *ids);
    ids->words = words;
    ids->n_words = n_words;
    ids->is_input = n_words == 1 && strcmp(words[0], "-") == 0;
    ids->any = any;
    ids->fd = fd;
    ids->waiting = waiting;
}

/* see ids.h */
size_t ids_left(const struct ids *ids)
{
    return ids->is_input ? 0 : ids->n_words - ids->line;
}

static enum ids_rc next_word(struct ids *ids)
{
    if (ids->line == ids->n_words)
        return IDS_END;
    ids->id = ids->words[ids->line++];
    return IDS_ONE;
}

/* see ids.h */
enum ids_rc ids_next(struct ids *ids)
{
    enum ids_rc rc = ids->is_input ? next_line(ids) : next_word(ids);

    if (rc != IDS_ONE)
        return rc;
    ids->fault = ids->any ? NULL : image_id_fault(ids->id);
    if (ids->fault)
        return IDS_BAD;
    if (strcmp(ids->id, ids->before) == 0)
        return IDS_SAME;
    ids->before[0] = '\0'; /* longer words, of --any-image-id, are not kept */
    if (strlen(ids->id) < sizeof ids->before)
        strcpy(ids->before, ids->id);
    return IDS_ONE;
}
