/*
 * completion.c - fills the shells' completion scripts in from the table of
 * options. A tool of the build, run on the machine that builds.
 *
 *     completion <cilp.bash.in >cilp
 *
 * Where the template says @NAME@, a list is put. No AMIs and no Regions are in
 * any: whoever lists them would have to ask EC2, or be out of date.
 */
#include <stdio.h>
#include <string.h>

#include "boards/linux/options.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* NOLINTBEGIN(cert-err33-c): main() looks at both streams at its end. */

/* ---- What a value is --------------------------------------------------- */

static bool has_value(const struct option_facts *o)
{
    return o->arg[0] != '\0';
}

static bool is_file(const struct option_facts *o)
{
    return strcmp(o->arg, "FILE") == 0;
}

static bool has_words(const struct option_facts *o)
{
    unsigned verbs;

    return options_word(o->name, 0, &verbs) != NULL;
}

static bool is_free(const struct option_facts *o)
{
    return has_value(o) && !is_file(o) && !has_words(o);
}

/* Whose options are completed before the verb is known: all but send's, which
 * has neither Region nor keys, and apply's, whose Regions are the plan's. */
#define COMMON (VERB_ALL & ~(VERB_SEND | VERB_APPLY))

/* ---- Lists that shells share ------------------------------------------- */

/* The words of an option that all the verbs take. */
static void put_words(const struct option_facts *o, unsigned of_verbs)
{
    const char *word, *gap = "";
    unsigned verbs;

    for (size_t i = 0; (word = options_word(o->name, i, &verbs)); i++)
        if ((verbs & of_verbs) == of_verbs) {
            printf("%s%s", gap, word);
            gap = " ";
        }
}

/* The names of some options. */
static void put_names(bool (*is)(const struct option_facts *o),
                      const char *between)
{
    struct option_facts o;
    const char *gap = "";

    for (size_t i = 0; options_facts(i, &o); i++)
        if (is(&o)) {
            printf("%s--%s", gap, o.name);
            gap = between;
        }
}

/* A text between single quotes: how a quote is written, and what else takes a
 * backslash, is the shell's. */
static void put_quoted(const char *text, const char *quote, const char *special)
{
    for (; *text; text++)
        if (*text == '\'')
            fputs(quote, stdout);
        else
            printf(strchr(special, *text) ? "\\%c" : "%c", *text);
}

static void made(void)
{
    fputs("Made from the table of options: do not edit.", stdout);
}

/* ---- bash -------------------------------------------------------------- */

static void bash_valued(void)
{
    put_names(has_value, " | ");
}

static void bash_files(void)
{
    put_names(is_file, " | ");
}

static void bash_free(void)
{
    put_names(is_free, " | ");
}

/* Inside the case of a verb: the words of the option before, or `all`. */
static void bash_options(unsigned verbs)
{
    struct option_facts o;

    fputs("        case $prev in\n", stdout);
    for (size_t i = 0; options_facts(i, &o); i++)
        if ((o.verbs & verbs) == verbs && has_words(&o)) {
            printf("        --%s) all=\"", o.name);
            put_words(&o, verbs);
            fputs("\" ;;\n", stdout);
        }
    fputs("        *) all+=\"", stdout);
    for (size_t i = 0; options_facts(i, &o); i++)
        if ((o.verbs & verbs) == verbs) {
            printf(" --%s", o.name);
            if (o.has_no)
                printf(" --no-%s", o.name);
        }
    fputs("\" ;;\n        esac ;;\n", stdout);
}

static void bash_verb(const struct verb_row *v)
{
    if (v->second) {
        printf("    \"%s %s \"*)\n", v->first, v->second);
        bash_options(v->verb);
        printf("    \"%s \")\n        all=%s\n", v->first, v->second);
    } else
        printf("    \"%s \"*)\n", v->first);
    bash_options(v->verb);
}

static void bash_verbs(void)
{
    for (const struct verb_row *v = verb_rows; v < verb_rows + VERB_COUNT; v++)
        bash_verb(v);
    fputs("    \"\")\n        all=\"", stdout);
    for (const struct verb_row *v = verb_rows; v < verb_rows + VERB_COUNT; v++)
        printf("%s%s", v > verb_rows ? " " : "", v->first);
    fputs("\"\n", stdout);
    bash_options(COMMON);
}

/* ---- zsh --------------------------------------------------------------- */

static void zsh_verbs(void)
{
    for (const struct verb_row *v = verb_rows; v < verb_rows + VERB_COUNT;
         v++) {
        printf("    '%s:", v->first);
        put_quoted(v->about, "'\\''", ":\\");
        fputs("'\n", stdout);
    }
}

static void zsh_option(const struct option_facts *o, unsigned verbs)
{
    printf("        '--%s%s[", o->name, has_value(o) ? "=" : "");
    put_quoted(o->help, "'\\''", "[]\\");
    putchar(']');
    if (has_words(o)) {
        printf(":%s:(", o->arg);
        put_words(o, verbs);
        putchar(')');
    } else if (has_value(o))
        printf(":%s:%s", o->arg, is_file(o) ? "_files" : " ");
    fputs("' \\\n", stdout);
    if (o->has_no)
        printf("        '--no-%s[the opposite of --%s]' \\\n", o->name,
               o->name);
}

static void zsh_options(unsigned verbs)
{
    struct option_facts o;

    for (size_t i = 0; options_facts(i, &o); i++)
        if ((o.verbs & verbs) == verbs)
            zsh_option(&o, verbs);
}

static void zsh_common(void)
{
    zsh_options(COMMON);
}

static void zsh_cases(void)
{
    for (const struct verb_row *v = verb_rows; v < verb_rows + VERB_COUNT;
         v++) {
        printf("    %s)\n        _arguments \\\n", v->first);
        zsh_options(v->verb);
        if (v->second)
            printf("        '1:command:(%s)' \\\n", v->second);
        /* Words that are not known, options among them. With a description
         * zsh would show it, and not insert an option that is the only one. */
        fputs("        '*: :()' && ret=0 ;;\n", stdout);
    }
}

/* ---- fish -------------------------------------------------------------- */

static void fish_valued(void)
{
    put_names(has_value, " ");
}

static void fish_condition(const char *begin, unsigned verbs)
{
    printf(" -n '%s__cilp_verb", begin);
    for (const struct verb_row *v = verb_rows; v < verb_rows + VERB_COUNT; v++)
        if (verbs & v->verb)
            printf(" %s", v->first);
    putchar('\'');
}

static void fish_complete(unsigned verbs)
{
    fputs("complete -c cilp", stdout);
    if ((verbs & COMMON) != COMMON)
        fish_condition("", verbs);
    else if (verbs != VERB_ALL)
        fish_condition("not ", VERB_ALL & ~verbs);
}

static void fish_verbs(void)
{
    for (const struct verb_row *v = verb_rows; v < verb_rows + VERB_COUNT;
         v++) {
        printf("complete -c cilp -n 'test -z (__cilp_words)[1]' -a %s -d '",
               v->first);
        put_quoted(v->about, "\\'", "\\");
        fputs("'\n", stdout);
        if (v->second)
            printf("complete -c cilp -n 'test \"$(__cilp_words)\" = %s' -a"
                   " %s\n",
                   v->first, v->second);
    }
}

static void fish_option(const struct option_facts *o)
{
    const char *takes = has_value(o) ? " -x" : "";
    const char *word;
    unsigned verbs;

    fish_complete(o->verbs);
    printf(" -l %s%s -d '", o->name, is_file(o) ? " -r -F" : takes);
    put_quoted(o->help, "\\'", "\\");
    fputs("'\n", stdout);
    for (size_t i = 0; (word = options_word(o->name, i, &verbs)); i++) {
        fish_complete(verbs & o->verbs);
        printf(" -l %s -x -a %s\n", o->name, word);
    }
    if (o->has_no) {
        fish_complete(o->verbs);
        printf(" -l no-%s -d 'the opposite of --%s'\n", o->name, o->name);
    }
}

static void fish_options(void)
{
    struct option_facts o;

    for (size_t i = 0; options_facts(i, &o); i++)
        fish_option(&o);
}

/* ---- Filling in -------------------------------------------------------- */

static const struct {
    const char *name;
    void (*put)(void);
} LISTS[] = {
    {"@MADE@", made},
    {"@BASH_VALUED@", bash_valued},
    {"@BASH_FILES@", bash_files},
    {"@BASH_FREE@", bash_free},
    {"@BASH_VERBS@\n", bash_verbs},
    {"@ZSH_VERBS@\n", zsh_verbs},
    {"@ZSH_COMMON@\n", zsh_common},
    {"@ZSH_CASES@\n", zsh_cases},
    {"@FISH_VALUED@", fish_valued},
    {"@FISH_VERBS@\n", fish_verbs},
    {"@FISH_OPTIONS@\n", fish_options},
};

static void fill_in(const char *line)
{
    const char *at = NULL;
    size_t i;

    for (i = 0; i < COUNT(LISTS) && !at; i++)
        at = strstr(line, LISTS[i].name);
    if (!at) {
        fputs(line, stdout);
        return;
    }
    fwrite(line, 1, (size_t)(at - line), stdout);
    LISTS[i - 1].put();
    fputs(at + strlen(LISTS[i - 1].name), stdout);
}

int main(void)
{
    char line[256];

    while (fgets(line, sizeof line, stdin))
        fill_in(line);
    return ferror(stdin) || fflush(stdout) || ferror(stdout);
}

/* NOLINTEND(cert-err33-c) */
