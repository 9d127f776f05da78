#include "boards/linux/image_id.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define PLACEHOLDER "ami-0123456789example"

/* Ids of other things, by what people paste most. */
/* clang-format off */
static const struct { char prefix[8]; const char *fault; } OTHERS[] = {
    { "snap-", " is a snapshot; a launch permission belongs to an AMI"
               " (ami-...)" },
    { "i-",    " is an instance; give the AMI that it was launched from"
               " (ami-...)" },
    { "vol-",  " is a volume; a launch permission belongs to an AMI"
               " (ami-...)" },
    { "lt-",   " is a launch template; give the AMI that it names (ami-...)" },
    { "aki-",  " is a kernel image; give an AMI (ami-...)" },
    { "ari-",  " is a RAM disk image; give an AMI (ami-...)" },
    { "file:", " is a file; cilp cancel - reads ids from standard input" },
    { "arn:",  " is an ARN; give the part behind its last slash (ami-...)" },
};
/* clang-format on */

static bool begins(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static const char *other_kind(const char *s)
{
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        if (begins(s, OTHERS[i].prefix))
            return OTHERS[i].fault;
    return " is not the id of an AMI: it begins with ami-";
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static const char *digits_fault(const char *s)
{
    size_t n = 0;

    while (is_hex(s[n]))
        n++;
    if (s[n] >= 'A' && s[n] <= 'F')
        return " has upper-case digits; EC2 writes ids in lower case";
    if (s[n])
        return " has a character that is no hex digit (0-9, a-f)";
    if (n != 8 && n != 17)
        return " does not have 8 or 17 hex digits after ami-: was it cut?";
    return NULL;
}

/* What comes along when an id is taken out of something else. NULL: nothing. */
static const char *wrapping_fault(const char *s)
{
    if (strpbrk(s, " \t\r\n"))
        return " has a space or line end in it; give one id a word";
    if (strpbrk(s, "\"'`{}[],"))
        return " has quotes, brackets or commas, as JSON and CSV do; give the"
               " bare id (ami-...)";
    for (; *s; s++)
        if (*s & 0x80)
            return " is not the id of an AMI: it has characters beyond ASCII,"
                   " as dashes and quotes of web pages are; type it anew";
    return NULL;
}

/* see image_id.h */
const char *image_id_fault(const char *s)
{
    const char *wrapping = wrapping_fault(s);

    if (!s[0])
        return " is empty: is a variable unset? Give the id of an AMI"
               " (ami-...)";
    if (wrapping)
        return wrapping;
    if (strcmp(s, PLACEHOLDER) == 0)
        return " is the placeholder of the documentation; put the id of the"
               " AMI that was shared with you in its place";
    if (begins(s, "AMI-") || begins(s, "Ami-"))
        return " is in upper case; EC2 writes ids in lower case (ami-...)";
    return begins(s, "ami-") ? digits_fault(s + 4) : other_kind(s);
}
