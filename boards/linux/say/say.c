#include "boards/linux/say/say.h"

#include <unistd.h>

/* Is there a line of progress that the next line must not be glued to? */
static bool in_progress;

static const char *about; /* NULL: nothing by name */

static void begin(struct out *o)
{
    out_init(o, STDERR_FILENO);
    if (in_progress)
        out_str(o, "\r\033[K");
    in_progress = false;
}

static void put_about(struct out *o)
{
    if (!about)
        return;
    out_quoted(o, about);
    out_str(o, ": ");
}

/* see say.h */
void say_about(const char *name)
{
    about = name;
}

/* see say.h */
void say_progress_of(uint32_t done, uint32_t all, const char *things,
                     uint32_t n, const char *text)
{
    struct out o;

    begin(&o);
    out_str(&o, "cilp: ");
    out_uint(&o, done);
    out_str(&o, " of ");
    out_uint(&o, all);
    out_str(&o, things);
    out_str(&o, ", ");
    out_uint(&o, n);
    out_str(&o, text);
    out_flush(&o);
    in_progress = true;
}

/* see say.h */
void say_progress(uint32_t n, const char *text)
{
    struct out o;

    begin(&o);
    out_str(&o, "cilp: ");
    out_uint(&o, n);
    out_str(&o, text);
    out_flush(&o);
    in_progress = true;
}

/* see say.h */
void say_progress_end(void)
{
    struct out o;

    begin(&o);
    out_flush(&o);
}

/* see say.h */
void say_error(struct out *o, enum spelling spelling)
{
    begin(o);
    out_str(o, spelling == SPELLING_AWS ? "\naws: [ERROR]: " : "cilp: ");
    put_about(o);
}

/* see say.h */
void say_fault(struct out *o, enum spelling spelling, enum exit_code code)
{
    say_error(o, spelling);
    if (spelling == SPELLING_AWS)
        out_str(o, code == EXIT_USAGE ? "An error occurred (ParamValidation): "
                                      : "An error occurred (Configuration): ");
}

/* see say.h */
void say_note(struct out *o)
{
    begin(o);
    out_str(o, "cilp: note: ");
    put_about(o);
}

/* see say.h */
void say_part(struct out *o, uint32_t n, const char *what)
{
    if (!n)
        return;
    out_str(o, ", ");
    out_uint(o, n);
    out_str(o, what);
}

/* see say.h */
void say_end(struct out *o)
{
    out_char(o, '\n');
    out_flush(o); /* standard error that is closed: nowhere left to go */
}

static void say_three(struct out *o, const char *before, const char *value,
                      const char *after)
{
    out_str(o, before);
    if (value) {
        out_char(o, '\'');
        out_quoted(o, value);
        out_char(o, '\'');
    }
    out_str(o, after);
}

/* see say.h */
enum exit_code complain(enum spelling spelling, enum exit_code code,
                        const char *before, const char *value,
                        const char *after)
{
    struct out o;

    say_fault(&o, spelling, code);
    say_three(&o, before, value, after);
    say_end(&o);
    return code;
}

/* see say.h */
enum exit_code complain_of_output(const char *more)
{
    return complain(SPELLING_OWN, EXIT_NETWORK,
                    "standard output could not be written", NULL, more);
}

/* see say.h */
void note(const char *before, const char *value, const char *after)
{
    struct out o;

    say_note(&o);
    say_three(&o, before, value, after);
    say_end(&o);
}
