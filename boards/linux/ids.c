#include "boards/linux/ids.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "boards/linux/image_id.h"
#include "boards/linux/stop.h"
#include "core/account.h"

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

/* More input behind what is in buf, which has room. */
static enum ids_rc fill(struct ids *ids)
{
    ssize_t n;

    do {
        if (!wait_readable(ids))
            return IDS_STOPPED;
        n = read(ids->fd, ids->buf + ids->len, sizeof ids->buf - ids->len);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n < 0) {
        ids->fault = "is missing: standard input cannot be read";
        return IDS_BROKEN;
    }
    ids->len += (size_t)n;
    ids->at_end = n == 0;
    return IDS_ONE;
}

static enum ids_rc broken(struct ids *ids, const char *fault)
{
    ids->fault = fault;
    return IDS_BROKEN;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_control(char c)
{
    return ((uint8_t)c < 0x20 && c != '\n' && !is_blank(c)) || c == 0x7F;
}

/* The next byte, left where it is. IDS_END: there is none. */
static enum ids_rc peek(struct ids *ids, char *c)
{
    if (ids->pos == ids->len && !ids->at_end) {
        enum ids_rc rc;

        ids->pos = ids->len = 0;
        rc = fill(ids);
        if (rc != IDS_ONE)
            return rc;
    }
    if (ids->pos == ids->len)
        return IDS_END;
    *c = ids->buf[ids->pos];
    return is_control(*c) ? broken(ids, "has control characters: is this text?")
                          : IDS_ONE;
}

/* Pass over the byte that peek() showed. */
static enum ids_rc pass(struct ids *ids, char c)
{
    if (ids->bytes++ == IDS_BYTES_MAX)
        return broken(ids, "is the last one that is read: 64 MB are a batch");
    if (c == '\n' && ids->line == IDS_LINES_MAX)
        return broken(ids, "is the last one that is read: 1000000 lines"
                           " are a batch");
    ids->pos++;
    if (c == '\n')
        ids->line++;
    return IDS_ONE;
}

/* ---- Words ------------------------------------------------------------- */

static bool begins(const struct ids *ids, const char *bytes, size_t n)
{
    return ids->len - ids->pos >= n &&
           memcmp(ids->buf + ids->pos, bytes, n) == 0;
}

/* Before the first line: the byte order mark that some editors write, and that
 * may come in pieces. */
static enum ids_rc begin_input(struct ids *ids)
{
    enum ids_rc rc = IDS_ONE;

    ids->line = 1;
    while (rc == IDS_ONE && ids->len < 3 && !ids->at_end)
        rc = fill(ids);
    if (rc != IDS_ONE)
        return rc;
    if (begins(ids, "\xFF\xFE", 2) || begins(ids, "\xFE\xFF", 2))
        return broken(ids, "is UTF-16; save the list as UTF-8 or ASCII");
    if (begins(ids, "\xEF\xBB\xBF", 3))
        ids->pos = 3;
    return IDS_ONE;
}

/* To the end of the line, which stays. */
static enum ids_rc skip_line(struct ids *ids)
{
    enum ids_rc rc;
    char c;

    while ((rc = peek(ids, &c)) == IDS_ONE && c != '\n')
        if ((rc = pass(ids, c)) != IDS_ONE)
            return rc;
    return rc == IDS_END ? IDS_ONE : rc;
}

/* To the next word or the end of the line, over blanks and a comment. */
static enum ids_rc skip_blanks(struct ids *ids, char *c)
{
    enum ids_rc rc;

    while ((rc = peek(ids, c)) == IDS_ONE && is_blank(*c))
        if ((rc = pass(ids, *c)) != IDS_ONE)
            return rc;
    if (rc != IDS_ONE || *c != '#')
        return rc;
    rc = skip_line(ids);
    return rc == IDS_ONE ? peek(ids, c) : rc;
}

/* To the next word, on whatever line. */
static enum ids_rc skip_lines(struct ids *ids)
{
    enum ids_rc rc;
    char c;

    while ((rc = skip_blanks(ids, &c)) == IDS_ONE && c == '\n')
        if ((rc = pass(ids, c)) != IDS_ONE)
            return rc;
    return rc;
}

/* The word that begins here. */
static enum ids_rc read_word(struct ids *ids, char word[IDS_WORD_MAX + 1])
{
    enum ids_rc rc;
    size_t n = 0;
    char c;

    while ((rc = peek(ids, &c)) == IDS_ONE && c != '\n' && !is_blank(c)) {
        if (n == IDS_WORD_MAX)
            return broken(ids, "has a word that is longer than 256 bytes");
        word[n++] = c;
        if ((rc = pass(ids, c)) != IDS_ONE)
            return rc;
    }
    word[n] = '\0';
    return rc == IDS_END ? IDS_ONE : rc;
}

/* ---- Lines of words ---------------------------------------------------- */

#define WAY_OUT                                                         \
    "; ids alone are what cilp list --output ids writes, the AWS CLI's" \
    " --query 'Images[].ImageId' --output text, and jq -r"

/* Of lines, frames and headings: of the AWS CLI's and of ours. */
static bool is_of_table(const char *word, bool is_first)
{
    return word[0] == '|' || word[0] == '+' ||
           word[strspn(word, "-")] == '\0' || strcmp(word, "AMI") == 0 ||
           strcmp(word, "IMAGES") == 0 || (!is_first && cilp_is_account(word));
}

/* Is this a word of what other programs read, or people? Then there are
 * thousands of its kind, and ids among them that nobody meant. NULL: no. */
static const char *other_form(const char *word, bool is_first)
{
    if (word[0] == '"')
        return "is JSON or quoted CSV" WAY_OUT;
    if (strpbrk(word, "{}[]\""))
        return "is JSON" WAY_OUT;
    if (strpbrk(word, ",;"))
        return "is CSV" WAY_OUT;
    if (is_of_table(word, is_first))
        return "is of a table or of YAML" WAY_OUT;
    return NULL;
}

/* A word of a line: IDS_ONE, or what it is instead of an id. Then the rest of
 * the line goes with it: an id between other words is not meant by anybody. */
static enum ids_rc judge(struct ids *ids, const char *word, bool is_first)
{
    const char *form = other_form(word, is_first);
    enum ids_rc rc;

    if (form)
        return broken(ids, form);
    ids->fault = ids->any ? NULL : image_id_fault(word);
    if (!ids->fault)
        return IDS_ONE;
    if (word != ids->text)
        strcpy(ids->text, word);
    ids->has_ahead = false;
    rc = skip_line(ids);
    return rc == IDS_ONE ? IDS_BAD : rc;
}

#define LOWER  "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* "us-gov-west-1": words of letters, two at least, and a number. No id is like
 * that. */
static bool is_region(const char *word)
{
    const char *end = strrchr(word, '-');
    unsigned words = 0;
    size_t n;

    if (!end || !end[1] || end[1 + strspn(end + 1, DIGITS)] ||
        strlen(word) > IDS_REGION_MAX)
        return false;
    for (; word < end; word += n + 1, words++) {
        n = strspn(word, LOWER);
        if (n == 0 || word[n] != '-')
            return false;
    }
    return words >= 2;
}

/* The word behind an id, on the same line, in ids->ahead; IDS_END: there is
 * none. */
static enum ids_rc read_ahead(struct ids *ids)
{
    char c;
    enum ids_rc rc = skip_blanks(ids, &c);

    if (rc == IDS_ONE && c == '\n')
        return IDS_END;
    return rc == IDS_ONE ? read_word(ids, ids->ahead) : rc;
}

/* An id is handed out once the word behind it is known to be one too, or its
 * Region. */
static enum ids_rc look_ahead(struct ids *ids)
{
    enum ids_rc rc = read_ahead(ids);

    ids->at[0] = '\0';
    if (rc == IDS_ONE && is_region(ids->ahead)) {
        strcpy(ids->at, ids->ahead);
        rc = read_ahead(ids);
    }
    ids->has_ahead = rc == IDS_ONE;
    if (rc == IDS_END)
        return IDS_ONE;
    return rc == IDS_ONE ? judge(ids, ids->ahead, false) : rc;
}

static enum ids_rc next_input(struct ids *ids)
{
    enum ids_rc rc = ids->line ? IDS_ONE : begin_input(ids);

    ids->id = ids->text;
    if (ids->has_ahead) { /* judged already */
        strcpy(ids->text, ids->ahead);
        ids->has_ahead = false;
        return look_ahead(ids);
    }
    if (rc == IDS_ONE)
        rc = skip_lines(ids);
    if (rc == IDS_ONE)
        rc = read_word(ids, ids->text);
    if (rc == IDS_ONE)
        rc = judge(ids, ids->text, true);
    return rc == IDS_ONE ? look_ahead(ids) : rc;
}

/* ---- Ids --------------------------------------------------------------- */

/* see ids.h */
void ids_init(struct ids *ids, char *const *words, size_t n_words, bool any,
              int fd, const sigset_t *waiting)
{
    memset(ids, 0, sizeof *ids);
    ids->region = ids->at;
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

static enum ids_rc next_argument(struct ids *ids)
{
    if (ids->line == ids->n_words)
        return IDS_END;
    ids->id = ids->words[ids->line++];
    ids->fault = ids->any ? NULL : image_id_fault(ids->id);
    return ids->fault ? IDS_BAD : IDS_ONE;
}

/* FNV-1a, by which two ids of one batch are told apart: a mistake would cost a
 * note that is not true. */
static uint64_t hash_of(const char *s, uint64_t h)
{
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 0x100000001b3u;
    return h;
}

/* Has it been handed out before? Then, or from now on, it is known. */
static bool is_known(struct ids *ids)
{
    uint64_t h = hash_of(ids->id, 0xcbf29ce484222325u);

    h = hash_of(ids->region, h ^ ' ');
    for (uint32_t i = 0; i < IDS_KNOWN_MAX && i < ids->n_known; i++)
        if (ids->known[i] == h)
            return true;
    ids->known[ids->n_known++ % IDS_KNOWN_MAX] = h;
    return false;
}

/* see ids.h */
enum ids_rc ids_next(struct ids *ids)
{
    enum ids_rc rc;

    if (ids->next)
        return ids->next(ids);
    rc = ids->is_input ? next_input(ids) : next_argument(ids);
    if (rc != IDS_ONE)
        return rc;
    if (strcmp(ids->id, ids->before) == 0 &&
        strcmp(ids->region, ids->before_at) == 0)
        return IDS_SAME;
    strcpy(ids->before_at, ids->region);
    ids->is_repeated = is_known(ids);
    ids->before[0] = '\0'; /* longer words, of --any-image-id, are not kept */
    if (strlen(ids->id) < sizeof ids->before)
        strcpy(ids->before, ids->id);
    return IDS_ONE;
}
