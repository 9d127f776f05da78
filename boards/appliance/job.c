#include "boards/appliance/job.h"

#include <string.h>

#define DEADLINE_S 300
#define NETWORK_S  30
#define DEBUG_EXIT 0x501 /* QEMU's default for isa-debug-exit */

/* see job.h */
void job_init(struct job *job)
{
    memset(job, 0, sizeof *job);
    job->words[job->n_words++] = "cilp";
    job->room = "64k";
    job->deadline_s = DEADLINE_S;
    job->network_s = NETWORK_S;
}

static bool stop(struct job *job, const char *why)
{
    job->why = why;
    return false;
}

/* ---- Values ------------------------------------------------------------ */

/* The value's words, split at blanks. A job replaces an earlier one. */
static bool take_words(struct job *job, char *value)
{
    char *rest = NULL;
    size_t n = 1;

    for (char *s = strtok_r(value, " \t", &rest); s;
         s = strtok_r(NULL, " \t", &rest)) {
        if (n == JOB_WORDS_MAX)
            return stop(job, "job: more than 63 words");
        job->words[n++] = s;
    }
    job->words[n] = NULL;
    job->n_words = n;
    return true;
}

/* variable: NAME=VALUE. One of that name that is there is replaced. */
static bool take_variable(struct job *job, const char *variable)
{
    size_t len = strcspn(variable, "=") + 1, i = 0;

    if (len == 1)
        return stop(job, "env.: the variable has no name");
    while (i < job->n_env && strncmp(job->env[i], variable, len) != 0)
        i++;
    if (i == JOB_ENV_MAX)
        return stop(job, "env.: more than 64 variables");
    job->env[i] = variable;
    if (i == job->n_env)
        job->n_env++;
    return true;
}

/* From 1 to max; 0: it is not. */
static unsigned number(const char *s, unsigned max)
{
    unsigned n = 0;

    for (; *s >= '0' && *s <= '9' && n <= max; s++)
        n = n * 10 + (unsigned)(*s - '0');
    return *s || n > max ? 0 : n;
}

static bool take_deadline(struct job *job, char *value)
{
    job->deadline_s = number(value, 86400);
    return job->deadline_s ||
           stop(job, "deadline: not a number of seconds from 1 to 86400");
}

static bool take_network(struct job *job, char *value)
{
    job->network_s = number(value, 3600);
    return job->network_s ||
           stop(job, "network: not a number of seconds from 1 to 3600");
}

/* tmpfs reads options behind a comma. */
static bool take_room(struct job *job, char *value)
{
    size_t digits = strspn(value, "0123456789");

    job->room = value;
    if (digits == 0 || digits > 6 || !strchr("kmg", value[digits]) ||
        (value[digits] && value[digits + 1]))
        return stop(job, "room: not a size like 64k or 8m");
    return true;
}

static bool take_clock(struct job *job, char *value)
{
    job->believe_clock = strcmp(value, "cmos") == 0;
    return job->believe_clock || strcmp(value, "unset") == 0 ||
           stop(job, "clock: neither unset nor cmos");
}

static bool take_exit(struct job *job, char *value)
{
    job->exit_port = strcmp(value, "isa-debug-exit") == 0 ? DEBUG_EXIT : 0;
    return job->exit_port || strcmp(value, "power-off") == 0 ||
           stop(job, "exit: neither power-off nor isa-debug-exit");
}

/* ---- Settings ---------------------------------------------------------- */

static const struct row {
    const char *name;
    bool (*take)(struct job *job, char *value);
} ROWS[] = {
    {"job=", take_words},       {"deadline=", take_deadline},
    {"network=", take_network}, {"room=", take_room},
    {"clock=", take_clock},     {"exit=", take_exit},
};

static bool take(struct job *job, char *setting)
{
    if (strncmp(setting, "env.", 4) == 0) {
        if (!strchr(setting, '='))
            return stop(job, "env.: the variable has no value; write"
                             " env.NAME=VALUE");
        return take_variable(job, setting + 4);
    }
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        size_t len = strlen(ROWS[i].name);

        if (strncmp(setting, ROWS[i].name, len) == 0)
            return ROWS[i].take(job, setting + len);
    }
    return stop(job, "a setting is none of job, env.NAME, deadline, network,"
                     " room, clock, exit");
}

/* see job.h */
bool job_read_file(struct job *job, char *text)
{
    char *rest = NULL;

    for (char *line = strtok_r(text, "\r\n", &rest); line;
         line = strtok_r(NULL, "\r\n", &rest))
        if (line[0] != '#' && !take(job, line))
            return false;
    return true;
}

/* Cut the next parameter off and give it without its quotes, which may stand
 * before the name (GRUB) or before the value: what is in them has blanks. */
static char *next_parameter(char **text)
{
    char *from = *text + strspn(*text, " \t\r\n"), *to = from, *p = from;
    bool quoted = false;

    if (!*from)
        return NULL;
    for (; *p && (quoted || !strchr(" \t\r\n", *p)); p++)
        if (*p == '"')
            quoted = !quoted;
        else
            *to++ = *p;
    *text = *p ? p + 1 : p;
    *to = '\0';
    return from;
}

/* see job.h */
bool job_read_kernel(struct job *job, char *text)
{
    char *parameter;

    while ((parameter = next_parameter(&text)))
        if (strncmp(parameter, "cilp.", 5) == 0 && !take(job, parameter + 5))
            return false;
    return true;
}
