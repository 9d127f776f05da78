#include <string.h>

#include "port/awscli/kind.h"
#include "port/why.h"

/* What aws_signing_helper would do, which is not there. */
static const char *take_its_place(struct cilp_chain *c)
{
    enum cilp_chain_kind kind = CILP_CHAIN_ROLES_ANYWHERE;
    const char *reason = cilp_chain_stopped;

    if (cilp_helper_read(c, c->command))
        reason = cilp_chain_linked[kind]->take(c, &c->other);
    if (reason)
        return reason;
    c->base = kind;
    c->source = cilp_chain_linked[kind]->source;
    c->command = NULL;
    c->for_helper = true;
    return NULL;
}

static const char *take(struct cilp_chain *c, const struct cilp_profile *p)
{
    c->command = p->value[CILP_PROFILE_PROCESS];
    if (cilp_chain_linked[CILP_CHAIN_ROLES_ANYWHERE] &&
        cilp_helper_is_missing(c, c->command))
        return take_its_place(c);
    c->arg = &c->json;
    return NULL;
}

/* What a command printed may be a secret: it is not shown. */
static bool begins_object(const char *s, size_t n)
{
    while (n > 0 && strchr(" \t\r\n", *s)) {
        s++;
        n--;
    }
    return n > 0 && *s == '{';
}

#define SHELL                                                               \
    "; no shell runs it, so that | < > & ; ~ and $ mean nothing: is it to " \
    "be sh -c '...'?"

static bool wants_shell(const char *command)
{
    return (*command == '~' || strpbrk(command, "|<>&;$`")) &&
           strncmp(command, "sh -c", 5) != 0;
}

static bool prepare(struct cilp_chain *c, const struct cilp_kind_call *call)
{
    if (!c->command) /* another source does it */
        return true;
    c->process.out = c->text;
    c->process.cap = CILP_CHAIN_OUTPUT_MAX;
    c->process.mask = call->mask;
    c->len = CILP_CHAIN_OUTPUT_MAX; /* to be wiped, however it ends */
    if (!cilp_process_run(&c->process, c->command, call->deadline_ms)) {
        cilp_chain_stop(c, "credential_process of the @ %", c->process.why);
        cilp_why_add(c->why, wants_shell(c->command) ? SHELL : "");
        return false;
    }
    c->json = (struct cilp_json_creds){c->text, c->process.len, sizeof c->text,
                                       CILP_JSON_PROCESS};
    if (begins_object(c->text, c->process.len))
        return true;
    cilp_chain_stop(c, "credential_process of the @ printed no JSON object%",
                    wants_shell(c->command) ? SHELL : "");
    return false;
}

const struct cilp_kind cilp_kind_process = {&cilp_creds_json, take, prepare};
