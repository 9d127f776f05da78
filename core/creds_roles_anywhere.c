/*
 * creds_roles_anywhere.c - a signature of a certificate's key for the keys of a
 * role: IAM Roles Anywhere's CreateSession.
 *
 * The request is signed once, when its first window is written, and the signature
 * kept for those that follow: one of ECDSA would be another each time. It lies,
 * in hex, where the session token will: op->creds is the source's to work in.
 */
#include "core/source_json.h"

#include <string.h>

#include "core/account.h"
#include "core/endpoint.h"
#include "core/http_req.h"
#include "core/utc.h"

#define CONTENT_TYPE "application/json"
#define DURATION     3600
#define DAY_LEN      8 /* "20260115" of "20260115T120000Z" */

/* The signature's bytes, behind the place of its hex digits. */
#define SIG_CAP (CILP_TOKEN_MAX / 3)

/* op->round: a request was not signed, and it was the key. */
enum { KEY_FAILED = 1 };

/* ---- ARNs ------------------------------------------------------------------ */

enum { PREFIX, PARTITION, SERVICE, REGION, ACCOUNT, RESOURCE, PARTS };

struct arn {
    const char *part[PARTS];
    size_t len[PARTS];
};

/* The parts between colons; the last one to the end. */
static void split(struct arn *a, const char *s)
{
    for (int i = 0; i < PARTS; i++) {
        size_t n = 0;

        while (s[n] && (s[n] != ':' || i == RESOURCE))
            n++;
        a->part[i] = s;
        a->len[i] = n;
        s += s[n] ? n + 1 : n;
    }
}

static bool part_is(const struct arn *a, int i, const char *text)
{
    return cilp_text_equal(a->part[i], a->len[i], text);
}

static bool is_same_part(const struct arn *a, const struct arn *b, int i)
{
    return a->len[i] == b->len[i] &&
           memcmp(a->part[i], b->part[i], a->len[i]) == 0;
}

/* The ARN's Region. False: none that could be one. */
static bool read_region(const struct arn *a, char to[CILP_REGION_MAX + 1])
{
    size_t n = a->len[REGION];

    if (n > CILP_REGION_MAX)
        return false;
    memcpy(to, a->part[REGION], n);
    to[n] = '\0';
    return cilp_region_is_valid(to);
}

static bool has_account(const struct arn *a)
{
    char account[12 + 1];

    if (a->len[ACCOUNT] >= sizeof account)
        return false;
    memcpy(account, a->part[ACCOUNT], a->len[ACCOUNT]);
    account[a->len[ACCOUNT]] = '\0';
    return cilp_is_account(account);
}

/* kind: "role/", and something behind it. */
static bool is_arn(struct arn *a, const char *s, const char *service,
                   const char *kind)
{
    const size_t n = strlen(kind);

    if (!cilp_text_is_word(s, 20, 2048))
        return false;
    split(a, s);
    return part_is(a, PREFIX, "arn") && a->len[PARTITION] > 0 &&
           part_is(a, SERVICE, service) && has_account(a) &&
           a->len[RESOURCE] > n && memcmp(a->part[RESOURCE], kind, n) == 0;
}

static bool is_regional(struct arn *a, const char *s, const char *kind)
{
    char region[CILP_REGION_MAX + 1];

    return is_arn(a, s, "rolesanywhere", kind) && read_region(a, region);
}

static enum cilp_what arns_fault(const struct cilp_roles_anywhere *in)
{
    struct arn anchor, profile, role;

    if (!is_regional(&anchor, in->trust_anchor_arn, "trust-anchor/"))
        return CILP_WHAT_TRUST_ANCHOR;
    if (!is_regional(&profile, in->profile_arn, "profile/"))
        return CILP_WHAT_ANYWHERE_PROFILE;
    if (!is_arn(&role, in->role_arn, "iam", "role/") || role.len[REGION])
        return CILP_WHAT_ANYWHERE_ROLE;
    if (!is_same_part(&anchor, &profile, PARTITION) ||
        !is_same_part(&anchor, &role, PARTITION))
        return CILP_WHAT_TWO_PARTITIONS;
    return is_same_part(&anchor, &profile, REGION) ? CILP_WHAT_NONE
                                                   : CILP_WHAT_TWO_REGIONS;
}

/* ---- What is written ------------------------------------------------------- */

static const struct cilp_roles_anywhere *argument(const struct cilp_op *op)
{
    return op->arg;
}

/* The trust anchor's, whichever the call's own is. */
static void find_region(const struct cilp_op *op, char to[CILP_REGION_MAX + 1])
{
    struct arn anchor;

    split(&anchor, argument(op)->trust_anchor_arn);
    (void)read_region(&anchor, to); /* take() has seen that it is one */
}

static enum cilp_what aim(const struct cilp_op *op, struct cilp_peer *to)
{
    char region[CILP_REGION_MAX + 1];
    enum cilp_what what;

    find_region(op, region);
    what = cilp_source_aim(op, to, region, argument(op)->endpoint);
    if (!what && to->path && to->path[1])
        return CILP_WHAT_ENDPOINT_NO_PATH;
    to->path = NULL;
    return what;
}

/* Bytes of the certificate that begins at p[0..n): its outermost tag has a length
 * of one byte or two behind that byte's. Source: X.690 section 8.1.3. */
static size_t certificate_len(const uint8_t *p, size_t n)
{
    size_t len = n;

    if (n > 4 && p[1] == 0x82)
        len = 4u + (size_t)(p[2] << 8 | p[3]);
    else if (n > 3 && p[1] == 0x81)
        len = 3u + p[2];
    return len < n ? len : n;
}

static void put_chain(struct cilp_text *out,
                      const struct cilp_x509_identity *id)
{
    for (size_t at = 0; at < id->chain_len;) {
        const uint8_t *p = id->chain + at;
        size_t n = certificate_len(p, id->chain_len - at);

        if (at > 0)
            cilp_text_char(out, ',');
        cilp_text_base64(out, p, n);
        at += n;
    }
}

/* By long division, a digit at a time. */
static void put_serial(struct cilp_text *out,
                       const struct cilp_x509_identity *id)
{
    uint8_t number[CILP_X509_SERIAL_MAX];
    char decimal[49]; /* 2^160 - 1 */
    size_t at = sizeof decimal;
    unsigned left;

    memcpy(number, id->serial, sizeof number);
    do {
        unsigned rest = 0;

        left = 0;
        for (size_t i = 0; i < id->serial_len; i++) {
            rest = rest << 8 | number[i];
            number[i] = (uint8_t)(rest / 10);
            left |= number[i];
            rest %= 10;
        }
        decimal[--at] = (char)('0' + rest);
    } while (left);
    cilp_text_put(out, decimal + at, sizeof decimal - at);
}

/* In the order of their names, each encoded: canonical already. */
static void put_query(struct cilp_text *out,
                      const struct cilp_roles_anywhere *in)
{
    cilp_text_str(out, "profileArn=");
    cilp_text_percent(out, in->profile_arn);
    cilp_text_str(out, "&roleArn=");
    cilp_text_percent(out, in->role_arn);
    cilp_text_str(out, "&trustAnchorArn=");
    cilp_text_percent(out, in->trust_anchor_arn);
}

/* A session's name has nothing that JSON would escape. */
static void put_body(struct cilp_text *out,
                     const struct cilp_roles_anywhere *in)
{
    cilp_text_str(out, "{\"durationSeconds\":");
    cilp_text_uint(out, in->duration_s ? in->duration_s : DURATION);
    if (in->session_name)
        cilp_text_fill(out, ",\"roleSessionName\":\"%\"", &in->session_name);
    cilp_text_char(out, '}');
}

/* colon: between a header's name and its value; end: of its line. */
static void put_certificates(struct cilp_text *out,
                             const struct cilp_x509_identity *id,
                             const char *colon, const char *end)
{
    const char *const between[] = {end, colon};

    cilp_text_fill(out, "x-amz-x509%", &colon);
    cilp_text_base64(out, id->leaf, id->leaf_len);
    if (id->chain_len) {
        cilp_text_fill(out, "%x-amz-x509-chain%", between);
        put_chain(out, id);
    }
    cilp_text_str(out, end);
}

static void put_signed_names(struct cilp_text *out,
                             const struct cilp_x509_identity *id)
{
    cilp_text_str(out, "content-type;host;x-amz-date;x-amz-x509");
    if (id->chain_len)
        cilp_text_str(out, ";x-amz-x509-chain");
}

static void put_algorithm(struct cilp_text *out,
                          const struct cilp_x509_identity *id)
{
    const char *key = id->key == CILP_X509_RSA ? "RSA" : "ECDSA";

    cilp_text_fill(out, "AWS4-X509-%-SHA256", &key);
}

static void put_scope(const struct cilp_op *op, struct cilp_text *out,
                      const char *date)
{
    char region[CILP_REGION_MAX + 1];
    const char *const name = region;

    find_region(op, region);
    cilp_text_put(out, date, DAY_LEN);
    cilp_text_fill(out, "/%/rolesanywhere/aws4_request", &name);
}

/* ---- The signature --------------------------------------------------------- */

/* Step 1 of sigv4.c's page, into the hash. */
static bool hash_canonical(struct cilp_op *op, const char *date,
                           uint8_t digest[CILP_SHA256_LEN])
{
    const struct cilp_roles_anywhere *in = argument(op);
    const char *const values[] = {cilp_http_req_host(op), date};
    uint8_t body[CILP_SHA256_LEN];
    struct cilp_text t;

    cilp_text_init_hash(&t, &op->hash);
    put_body(&t, in);
    if (!cilp_sha256_end(&op->hash, body))
        return false;
    cilp_text_str(&t, "POST\n/sessions\n");
    put_query(&t, in);
    cilp_text_fill(
        &t, "\ncontent-type:" CONTENT_TYPE "\nhost:%\nx-amz-date:%\n", values);
    put_certificates(&t, in->identity, ":", "\n");
    cilp_text_char(&t, '\n');
    put_signed_names(&t, in->identity);
    cilp_text_char(&t, '\n');
    cilp_text_hex(&t, body, sizeof body);
    return cilp_sha256_end(&op->hash, digest);
}

/* The hash of step 3's string, which is what the key signs. */
static bool hash_string(struct cilp_op *op, const char *date,
                        uint8_t digest[CILP_SHA256_LEN])
{
    struct cilp_text t;

    if (!hash_canonical(op, date, digest))
        return false;
    cilp_text_init_hash(&t, &op->hash);
    put_algorithm(&t, argument(op)->identity);
    cilp_text_fill(&t, "\n%\n", &date);
    put_scope(op, &t, date);
    cilp_text_char(&t, '\n');
    cilp_text_hex(&t, digest, CILP_SHA256_LEN);
    return cilp_sha256_end(&op->hash, digest);
}

/* In hex into op->creds.token. */
static bool sign(struct cilp_op *op, const char *date)
{
    const struct cilp_x509_identity *id = argument(op)->identity;
    char *hex = op->creds.token;
    uint8_t *sig = (uint8_t *)hex + sizeof op->creds.token - SIG_CAP;
    uint8_t digest[CILP_SHA256_LEN];
    struct cilp_text t;
    size_t len;

    if (!hash_string(op, date, digest))
        return false;
    if (!id->sign(id, digest, sig, SIG_CAP, &len)) {
        op->round = KEY_FAILED;
        return false;
    }
    cilp_text_init(&t, hex, sizeof op->creds.token - SIG_CAP);
    cilp_text_hex(&t, sig, len);
    return cilp_text_end(&t);
}

/* ---- The exchange ---------------------------------------------------------- */

static void put_authorization(const struct cilp_op *op, struct cilp_text *out,
                              const char *date)
{
    const struct cilp_x509_identity *id = argument(op)->identity;

    cilp_text_str(out, "Authorization: ");
    put_algorithm(out, id);
    cilp_text_str(out, " Credential=");
    put_serial(out, id);
    cilp_text_char(out, '/');
    put_scope(op, out, date);
    cilp_text_str(out, ", SignedHeaders=");
    put_signed_names(out, id);
    cilp_text_str(out, ", Signature=");
    cilp_text_str(out, op->creds.token);
}

static bool write(struct cilp_op *op, struct cilp_text *out)
{
    const struct cilp_roles_anywhere *in = argument(op);
    char date[CILP_UTC_BASIC_LEN + 1];
    const char *const shown = date;
    struct cilp_text counted;

    cilp_utc_basic(date, op->result.signed_s);
    if (out->skip == 0 && !sign(op, date)) /* the first window */
        return false;
    cilp_text_str(out, "POST /sessions?");
    put_query(out, in);
    cilp_source_put_head(op, out);
    cilp_text_fill(out, "Content-Type: " CONTENT_TYPE "\r\nX-Amz-Date: %\r\n",
                   &shown);
    put_certificates(out, in->identity, ": ", "\r\n");
    put_authorization(op, out, date);
    cilp_text_init(&counted, NULL, 0);
    put_body(&counted, in);
    cilp_text_str(out, "\r\nContent-Length: ");
    cilp_text_uint(out, (uint32_t)counted.len);
    cilp_text_str(out, "\r\n\r\n");
    put_body(out, in);
    return true;
}

/* ---- The reply ------------------------------------------------------------- */

/* The last quote of the string that begins at p; or end. */
static char *string_end(char *p, char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\' && p + 1 < end;
    return p;
}

/* Where the array of that name in the outermost object begins; NULL: nowhere. */
static char *find_array(char *p, char *end, const char *name)
{
    bool is_named = false;
    unsigned depth = 0;

    for (; p < end; p++) {
        char *from = p;

        if (*p == '"') {
            p = string_end(p, end);
            is_named = depth == 1 &&
                       cilp_text_equal(from + 1, (size_t)(p - from - 1), name);
        } else if (*p == '[' && depth == 1 && is_named) {
            return p;
        }
        depth += cilp_text_has("{[", *from);
        depth -= cilp_text_has("}]", *from);
    }
    return NULL;
}

/* What closes the bracket in front of p; NULL: nothing, or there is more in it than
 * one value. */
static char *find_close(char *p, char *end)
{
    unsigned depth = 1;

    for (; p < end; p++) {
        if (*p == '"')
            p = string_end(p, end);
        else if (*p == ',' && depth == 1)
            return NULL;
        else if (cilp_text_has("}]", *p) && --depth == 0)
            return p;
        else
            depth += cilp_text_has("{[", *p);
    }
    return NULL;
}

/* core/json.h reads no arrays, and {"credentialSet":[{...}]} has one of one object:
 * its brackets are blanked. Any other is left as it is, and refused for its type:
 * blanks make no JSON of what was none with keys in it. */
static void unwrap(char *text, size_t len)
{
    char *end = text + len;
    char *open = find_array(text, end, "credentialSet");
    char *close = open ? find_close(open + 1, end) : NULL;

    if (close && *close == ']')
        *open = *close = ' ';
}

static enum cilp_step judge(struct cilp_op *op)
{
    static const struct cilp_json_field fields[4] = {
        {"credentialSet.credentials.accessKeyId", CILP_JSON_STRING},
        {"credentialSet.credentials.secretAccessKey", CILP_JSON_STRING},
        {"credentialSet.credentials.sessionToken", CILP_JSON_STRING},
        {"credentialSet.credentials.expiration", CILP_JSON_STRING},
    };
    struct cilp_result *r = &op->result;
    size_t len, cap;
    char *text;

    if (r->err == CILP_E_CRYPTO && op->round == KEY_FAILED)
        r->what = CILP_WHAT_SIGNING;
    if (r->err == CILP_OK) {
        text = cilp_source_text(op, &len, &cap);
        unwrap(text, len);
    }
    if (r->http_status == 201) /* Created: this service's yes */
        r->http_status = 200;
    return cilp_source_judge_json(op, fields);
}

static const struct cilp_exchange exchange = {
    .service = "rolesanywhere",
    .reader = &cilp_reads_text,
    .aim = aim,
    .write = write,
    .judge = judge,
};

/* ---- The argument ---------------------------------------------------------- */

/* see creds.h */
enum cilp_what cilp_roles_anywhere_fault(const struct cilp_roles_anywhere *in)
{
    enum cilp_what what = arns_fault(in);

    if (what)
        return what;
    if (in->session_name && !cilp_source_is_name(in->session_name, 2, 64))
        return CILP_WHAT_SESSION_NAME;
    if (in->duration_s && (in->duration_s < 900 || in->duration_s > 43200))
        return CILP_WHAT_DURATION;
    return CILP_WHAT_NONE;
}

static enum cilp_what take(struct cilp_op *op, const void *arg)
{
    const struct cilp_roles_anywhere *in = arg;
    enum cilp_what what;

    if (!in)
        return CILP_WHAT_SOURCE_ARG;
    what = cilp_roles_anywhere_fault(in);
    if (what)
        return what;
    if (!in->identity)
        return CILP_WHAT_IDENTITY;
    if (in->identity->serial_len < 1 ||
        in->identity->serial_len > CILP_X509_SERIAL_MAX)
        return CILP_WHAT_SERIAL;
    cilp_source_begin(op, &exchange, arg);
    return CILP_WHAT_NONE;
}

/* see creds.h */
const struct cilp_source cilp_creds_roles_anywhere = {take};
