#include "port/mbedtls/client_cert.h"

#include <string.h>

#include "mbedtls/asn1.h"
#include "mbedtls/platform.h"
#include "mbedtls/platform_util.h"
#include "mbedtls/psa_util.h"
#include "mbedtls/x509_crt.h"

#include "core/text.h"
#include "port/mbedtls/arena.h"
#include "port/mbedtls/client_cert_own.h"
#include "port/mbedtls/dates.h"
#include "port/mbedtls/explain_text.h"
#include "port/mbedtls/explain_x509.h"
#include "port/mbedtls/pem.h"
#include "port/mbedtls/private_key.h"
#include "port/mbedtls/tls_session.h"

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)

static const char no_certificate[] =
    "is not there: no -----BEGIN CERTIFICATE----- in it";
static const char not_base64[] = "is not base64";
static const char no_end[] = "has no -----END-----";
static const char too_long[] =
    "is, with those of the CAs, longer than " CILP_STRINGIFY(
        CILP_CLIENT_CERT_MAX) " bytes";
static const char not_one[] =
    "does not belong to the private key; the leaf's has to be the first";
static const char no_start[] = "cannot be read: mbedTLS does not start";

/* see client_cert_own.h */
mbedtls_svc_key_id_t cilp_client_cert_key(const struct cilp_client_cert *c)
{
    return mbedtls_svc_key_id_make(0, c->key);
}

/* ---- Certificates -------------------------------------------------------- */

/* n bytes of DER have been put behind those that there are. */
static const char *add(struct cilp_client_cert *c, size_t n)
{
    struct cilp_x509_identity *is = &c->is;
    unsigned char *p = c->der + is->leaf_len + is->chain_len;
    const unsigned char *end = p + n;
    size_t len;

    if (mbedtls_asn1_get_tag(&p, end, &len, SEQUENCE) != 0 || p + len != end)
        return "is malformed";
    if (!is->leaf) {
        is->leaf = c->der;
        is->leaf_len = (uint16_t)n;
        return NULL;
    }
    is->chain = c->der + is->leaf_len;
    is->chain_len = (uint16_t)(is->chain_len + n);
    return NULL;
}

static bool is_certificate(const struct cilp_pem_block *b)
{
    return cilp_pem_is(b, "CERTIFICATE") || cilp_pem_is(b, "X509 CERTIFICATE");
}

static const char *decode(struct cilp_client_cert *c,
                          const struct cilp_pem_block *b)
{
    size_t used = (size_t)c->is.leaf_len + c->is.chain_len;
    size_t room = sizeof c->der - used, n;

    if (!b->body)
        return no_end;
    n = cilp_pem_decode(b, c->der + used, room);
    if (n > room)
        return too_long;
    return n == 0 ? not_base64 : add(c, n);
}

static const char *read_pem(struct cilp_client_cert *c, const char *p, size_t n)
{
    const char *fault = NULL;
    struct cilp_pem_block b;

    while (!fault && cilp_pem_next(&p, &n, &b))
        if (is_certificate(&b))
            fault = decode(c, &b);
    return fault || c->is.leaf ? fault : no_certificate;
}

static const char *read_der(struct cilp_client_cert *c, const uint8_t *p,
                            size_t n)
{
    if (n > sizeof c->der)
        return too_long;
    memcpy(c->der, p, n);
    return add(c, n);
}

/* ---- What they say ------------------------------------------------------- */

/* RFC 5280 4.1.2.2: not negative; 20 bytes. */
static void keep_serial(struct cilp_x509_identity *is,
                        const mbedtls_x509_buf *serial)
{
    const uint8_t *p = serial->p;
    size_t n = serial->len;

    if (n == 0 || p[0] > 0x7f)
        return;
    for (; n > 1 && p[0] == 0; n--)
        p++;
    if (n > sizeof is->serial)
        return;
    memcpy(is->serial, p, n);
    is->serial_len = (uint8_t)n;
}

static void keep_facts(struct cilp_client_cert *c, const mbedtls_x509_crt *leaf)
{
    struct cilp_text x;

    keep_serial(&c->is, &leaf->serial);
    c->from_s = cilp_dates_unix(&leaf->valid_from);
    c->until_s = cilp_dates_unix(&leaf->valid_to);
    cilp_text_init(&x, c->subject, sizeof c->subject);
    cilp_explain_put_name(&x, &leaf->subject);
    cilp_text_cut(&x);
}

/* Where the subject's public key is: in the BIT STRING of its info, behind a byte
 * that tells of unused bits (RFC 5280 4.1.2.7). */
static bool find_public(const mbedtls_x509_buf *info, mbedtls_asn1_buf *key)
{
    unsigned char *p = info->p;
    const unsigned char *end = info->p + info->len;
    size_t n;

    if (mbedtls_asn1_get_tag(&p, end, &n, SEQUENCE) != 0 ||
        mbedtls_asn1_get_tag(&p, end, &n, SEQUENCE) != 0)
        return false;
    p += n;
    if (mbedtls_asn1_get_tag(&p, end, &n, MBEDTLS_ASN1_BIT_STRING) != 0 ||
        n < 2)
        return false;
    key->p = p + 1;
    key->len = n - 1;
    return true;
}

/* PSA gives what stands there, for RSA and curves alike. */
static bool is_of_key(const struct cilp_client_cert *c,
                      const mbedtls_x509_crt *leaf)
{
    uint8_t ours[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    mbedtls_asn1_buf theirs;
    size_t n = 0;

    return find_public(&leaf->pk_raw, &theirs) &&
           psa_export_public_key(cilp_client_cert_key(c), ours, sizeof ours,
                                 &n) == PSA_SUCCESS &&
           n == theirs.len && memcmp(ours, theirs.p, n) == 0;
}

static const char *judge_leaf(struct cilp_client_cert *c,
                              mbedtls_x509_crt *leaf)
{
    int rc =
        mbedtls_x509_crt_parse_der_nocopy(leaf, c->is.leaf, c->is.leaf_len);

    if (rc != 0)
        return cilp_explain_x509(rc);
    if (!is_of_key(c, leaf))
        return not_one;
    keep_facts(c, leaf);
    return NULL;
}

/* The leaf, beside its key; in mbedTLS's memory, for it would be most of a
 * stack. */
static const char *read_leaf(struct cilp_client_cert *c)
{
    unsigned refused = cilp_arena_refused();
    mbedtls_x509_crt *leaf = mbedtls_calloc(1, sizeof *leaf);
    const char *fault;

    if (!leaf)
        return cilp_arena_too_small;
    mbedtls_x509_crt_init(leaf);
    fault = judge_leaf(c, leaf);
    mbedtls_x509_crt_free(leaf);
    mbedtls_free(leaf);
    return cilp_arena_refused() != refused ? cilp_arena_too_small : fault;
}

/* ---- The key --------------------------------------------------------------- */

static const struct {
    const char *label;
    enum cilp_private_key_form form;
} forms[] = {
    {"PRIVATE KEY", CILP_PRIVATE_KEY_PKCS8},
    {"RSA PRIVATE KEY", CILP_PRIVATE_KEY_PKCS1},
    {"EC PRIVATE KEY", CILP_PRIVATE_KEY_SEC1},
};

static const char encrypted[] =
    "is encrypted, which is not done here: take the password off (openssl pkey"
    " -in KEY -out KEY.plain)";

/* A block that is no key of ours: NULL, it is none at all. */
static const char *other_block(const struct cilp_pem_block *b)
{
    if (cilp_pem_is(b, "ENCRYPTED PRIVATE KEY"))
        return encrypted;
    if (cilp_pem_is(b, "OPENSSH PRIVATE KEY"))
        return "is of OpenSSH's own kind (ssh-keygen -p -m PEM makes another of"
               " it)";
    if (cilp_pem_is(b, "DSA PRIVATE KEY"))
        return "is of DSA, for which TLS has no use";
    return NULL;
}

/* It is decoded where it stands: one copy less to be wiped. */
static const char *import(struct cilp_client_cert *c, struct cilp_pem_block *b,
                          enum cilp_private_key_form form)
{
    uint8_t *der = (uint8_t *)b->body;
    mbedtls_svc_key_id_t id;
    const char *fault;
    size_t n;

    if (!b->body)
        return no_end;
    if (cilp_pem_has(b, "ENCRYPTED"))
        return encrypted;
    n = cilp_pem_decode(b, der, b->body_len);
    if (n == 0)
        return not_base64;
    fault = cilp_private_key_import(form, der, n, &id);
    if (fault)
        return fault;
    c->key = MBEDTLS_SVC_KEY_ID_GET_KEY_ID(id);
    c->owns_key = true;
    return NULL;
}

static const char *read_key(struct cilp_client_cert *c, const char *p, size_t n)
{
    struct cilp_pem_block b;

    while (cilp_pem_next(&p, &n, &b)) {
        const char *fault = other_block(&b);

        if (fault)
            return fault;
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
            if (cilp_pem_is(&b, forms[i].label))
                return import(c, &b, forms[i].form);
    }
    return "is not there: no -----BEGIN PRIVATE KEY----- (or RSA, or EC) in it";
}

/* What PSA's attributes say of a key of the caller's; whether it fits at all. */
static const char *look_at_key(struct cilp_client_cert *c)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_type_t type;
    psa_key_usage_t usage;

    if (psa_get_key_attributes(cilp_client_cert_key(c), &a) != PSA_SUCCESS)
        return "is not there: PSA has none by this id";
    type = psa_get_key_type(&a);
    usage = psa_get_key_usage_flags(&a);
    psa_reset_key_attributes(&a);
    c->is.key = PSA_KEY_TYPE_IS_RSA(type) ? CILP_X509_RSA : CILP_X509_ECDSA;
    if (type != PSA_KEY_TYPE_RSA_KEY_PAIR &&
        type != PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1))
        return "is no pair of RSA's or of a curve P-...";
    if (!(usage & PSA_KEY_USAGE_SIGN_HASH))
        return "may not sign hashes (PSA_KEY_USAGE_SIGN_HASH)";
    return NULL;
}

/* ---- Signing ----------------------------------------------------------------- */

/* PSA's form of an ECDSA signature is r and s (mbedTLS makes it DER, in place). */
static bool sign_ecdsa(mbedtls_svc_key_id_t key, const uint8_t *hash,
                       uint8_t *sig, size_t cap, size_t *len)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    psa_algorithm_t alg;
    size_t bits, n;

    if (psa_get_key_attributes(key, &a) != PSA_SUCCESS)
        return false;
    bits = psa_get_key_bits(&a);
    alg = PSA_ALG_IS_DETERMINISTIC_ECDSA(psa_get_key_algorithm(&a))
              ? PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA_256)
              : PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    psa_reset_key_attributes(&a);
    return psa_sign_hash(key, alg, hash, 32, sig, cap, &n) == PSA_SUCCESS &&
           mbedtls_ecdsa_raw_to_der(bits, sig, n, sig, cap, len) == 0;
}

static bool sign_now(const struct cilp_client_cert *c, const uint8_t *hash,
                     uint8_t *sig, size_t cap, size_t *len)
{
    mbedtls_svc_key_id_t key = cilp_client_cert_key(c);

    if (c->is.key == CILP_X509_ECDSA)
        return sign_ecdsa(key, hash, sig, cap, len);
    return psa_sign_hash(key, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), hash,
                         32, sig, cap, len) == PSA_SUCCESS;
}

/* see core/x509_identity.h */
static bool sign(const struct cilp_x509_identity *id, const uint8_t hash[32],
                 uint8_t *sig, size_t cap, size_t *len)
{
    bool good;

    *len = 0;
    cilp_arena_lock();
    good = sign_now((const struct cilp_client_cert *)id, hash, sig, cap, len);
    cilp_arena_unlock();
    if (good)
        return true;
    mbedtls_platform_zeroize(sig, cap);
    *len = 0;
    return false;
}

/* see client_cert_own.h */
const struct cilp_client_cert *cilp_client_cert_of(
    const struct cilp_x509_identity *id)
{
    return id->sign == sign ? (const struct cilp_client_cert *)id : NULL;
}

/* ---- All of it --------------------------------------------------------------- */

static void begin(struct cilp_client_cert *c)
{
    memset(c, 0, sizeof *c);
    c->is.sign = sign;
    cilp_tls_own = &cilp_client_cert_tls;
}

/* The key is there. */
static const char *finish(struct cilp_client_cert *c)
{
    const char *fault = look_at_key(c);

    c->is_key_fault = fault != NULL;
    return fault ? fault : read_leaf(c);
}

/* Nothing stays of what was begun, but for whose fault it is. */
static const char *give_up(struct cilp_client_cert *c, const char *fault)
{
    bool is_key_fault = c->is_key_fault;

    if (!fault)
        return NULL;
    cilp_client_cert_end(c);
    c->is_key_fault = is_key_fault;
    return fault;
}

static const char *load(struct cilp_client_cert *c, const char *cert,
                        size_t cert_len, const char *key, size_t key_len)
{
    const char *fault = read_pem(c, cert, cert_len);

    if (fault)
        return fault;
    fault = read_key(c, key, key_len);
    c->is_key_fault = fault != NULL;
    return fault ? fault : finish(c);
}

/* see client_cert.h */
const char *cilp_client_cert_load(struct cilp_client_cert *c, const char *cert,
                                  size_t cert_len, char *key, size_t key_len)
{
    const char *fault = no_start;

    begin(c);
    if (cilp_arena_start()) {
        cilp_arena_lock();
        fault = load(c, cert, cert_len, key, key_len);
        cilp_arena_unlock();
    }
    mbedtls_platform_zeroize(key, key_len);
    return give_up(c, fault);
}

static const char *use(struct cilp_client_cert *c, const uint8_t *cert,
                       size_t cert_len)
{
    bool is_der = cert_len > 0 && cert[0] == 0x30;
    const char *fault = is_der ? read_der(c, cert, cert_len)
                               : read_pem(c, (const char *)cert, cert_len);

    return fault ? fault : finish(c);
}

/* see client_cert.h */
const char *cilp_client_cert_use(struct cilp_client_cert *c, const void *cert,
                                 size_t cert_len, uint32_t key_id)
{
    const char *fault = no_start;

    begin(c);
    c->key = key_id;
    if (cilp_arena_start()) {
        cilp_arena_lock();
        fault = use(c, cert, cert_len);
        cilp_arena_unlock();
    }
    return give_up(c, fault);
}

/* see client_cert.h */
const char *cilp_client_cert_dates(const struct cilp_client_cert *c,
                                   int64_t unix_s)
{
    if (unix_s > c->until_s)
        return "has expired";
    return unix_s < c->from_s ? "is not valid yet" : NULL;
}

/* see client_cert.h */
void cilp_client_cert_end(struct cilp_client_cert *c)
{
    if (c->owns_key) {
        cilp_arena_lock();
        (void)psa_destroy_key(cilp_client_cert_key(c));
        cilp_arena_unlock();
    }
    mbedtls_platform_zeroize(c, sizeof *c);
}
