/*
 * sigv4_case - sign one request for conf_sigv4.py.
 *
 * Standard input: lines of "name value", name one of method, uri, query, hash
 * (the payload's, in hex), region, service, key, secret, date, and "header
 * NAME VALUE" once for each header, sorted. Standard output: the canonical
 * request, the string to sign and the Authorization value, each after a line
 * "== name". Exit status 1: the case cannot be read or signed.
 */
#include <stdio.h>
#include <string.h>

#include "core/sigv4.h"

#define HEADERS_MAX 32

static char input[65536];
static char output[65536];
static char request[65536];
static const char *lines[3] = {"", "", ""}; /* method, URI, query */
static struct cilp_sigv4_header headers[HEADERS_MAX];
static uint8_t payload_hash[CILP_SHA256_LEN];

static bool add_header(struct cilp_sigv4_in *in, char *line)
{
    char *value = strchr(line, ' ');

    if (!value || in->n_headers == HEADERS_MAX)
        return false;
    *value++ = '\0';
    headers[in->n_headers].name = line;
    headers[in->n_headers++].value = value;
    return true;
}

static bool set_hash(const char *hex)
{
    for (size_t i = 0; i < sizeof payload_hash; i++) {
        unsigned byte;

        if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
            return false;
        payload_hash[i] = (uint8_t)byte;
    }
    return true;
}

static bool set(struct cilp_sigv4_in *in, const char *name, char *value)
{
    struct {
        const char *name;
        const char **to;
    } const fields[] = {
        {"method", &lines[0]},     {"uri", &lines[1]},
        {"query", &lines[2]},      {"region", &in->region},
        {"service", &in->service}, {"key", &in->key_id},
        {"secret", &in->secret},
    };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(name, fields[i].name) != 0)
            continue;
        *fields[i].to = value;
        return true;
    }
    if (strcmp(name, "header") == 0)
        return add_header(in, value);
    if (strcmp(name, "hash") == 0)
        return set_hash(value);
    if (strcmp(name, "date") != 0 || strlen(value) != CILP_UTC_BASIC_LEN)
        return false;
    memcpy(in->date, value, sizeof in->date);
    return true;
}

static bool read_case(struct cilp_sigv4_in *in)
{
    size_t n = fread(input, 1, sizeof input - 1, stdin);
    char *next;

    input[n] = '\0';
    for (char *line = input; *line; line = next) {
        char *value = strchr(line, ' ');

        next = strchr(line, '\n');
        if (!next || !value || value > next)
            return false;
        *next++ = '\0';
        *value++ = '\0';
        if (!set(in, line, value))
            return false;
    }
    return true;
}

static bool show(const char *name, struct cilp_text *t)
{
    if (!cilp_text_end(t))
        return false;
    printf("== %s\n%s\n", name, output);
    cilp_text_init(t, output, sizeof output);
    return true;
}

int main(void)
{
    struct cilp_sigv4_in in = {request, headers, 0,  payload_hash, "",
                               "",      "",      "", "",           NULL};
    static struct cilp_sha256 hash;
    struct cilp_text t;

    if (!read_case(&in))
        return 1;
    snprintf(request, sizeof request, "%s\n%s\n%s\n", lines[0], lines[1],
             lines[2]);
    cilp_text_init(&t, output, sizeof output);
    cilp_sigv4_canonical(&t, &in);
    if (!show("canonical request", &t))
        return 1;
    if (!cilp_sigv4_string_to_sign(&t, &in, &hash))
        return 1;
    if (!show("string to sign", &t))
        return 1;
    if (!cilp_sigv4_authorize(&t, &in, &hash))
        return 1;
    return show("authorization", &t) ? 0 : 1;
}
