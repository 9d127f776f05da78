#include "port/mbedtls/private_key.h"

#include <stdbool.h>
#include <string.h>

#include "mbedtls/asn1.h"
#include "mbedtls/platform_util.h"

#include "port/mbedtls/arena.h"

static const char malformed[] = "is malformed";
#if defined(PSA_WANT_KEY_TYPE_RSA_KEY_PAIR_IMPORT)
#define RSA_TOO "RSA with 2048 to 4096 bits and "
#else
#define RSA_TOO ""
#endif
#if defined(PSA_WANT_ECC_SECP_R1_521)
#define CURVES "P-256, P-384 and P-521"
#else
#define CURVES "P-256 and P-384"
#endif
static const char other_kind[] =
    "is of a kind that cannot be used here: " RSA_TOO "ECDSA on " CURVES " can";

/* What is left to be read. */
struct der {
    unsigned char *p;
    const unsigned char *end;
};

/* Step into an element, whose content becomes *in; d is then behind it. */
static bool take(struct der *d, int tag, struct der *in)
{
    size_t len;

    if (mbedtls_asn1_get_tag(&d->p, d->end, &len, tag) != 0)
        return false;
    in->p = d->p;
    in->end = d->p + len;
    d->p += len;
    return true;
}

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)
#define CURVE    (MBEDTLS_ASN1_CONTEXT_SPECIFIC | MBEDTLS_ASN1_CONSTRUCTED | 0)

static bool is_oid(const struct der *d, const char *oid, size_t n)
{
    return (size_t)(d->end - d->p) == n && memcmp(d->p, oid, n) == 0;
}
#define IS_OID(d, oid) is_oid(d, oid, sizeof(oid) - 1)

/* ---- Into PSA ------------------------------------------------------------ */

static const char *fault_of(psa_status_t status)
{
    switch (status) {
    case PSA_SUCCESS: return NULL;
    case PSA_ERROR_INSUFFICIENT_MEMORY: return cilp_arena_too_small;
    case PSA_ERROR_INSUFFICIENT_STORAGE:
        return "finds no free key slot (MBEDTLS_PSA_KEY_SLOT_COUNT)";
    case PSA_ERROR_NOT_SUPPORTED: return other_kind;
    default: return malformed;
    }
}

static const char *import(psa_key_attributes_t *a, const uint8_t *p, size_t n,
                          mbedtls_svc_key_id_t *id)
{
    psa_set_key_usage_flags(a, PSA_KEY_USAGE_SIGN_HASH);
    return fault_of(psa_import_key(a, p, n, id));
}

/* ---- RSA ----------------------------------------------------------------- */

/* PKCS #1 v1.5 for TLS 1.2 and core, PSS for TLS 1.3. PSA takes the key as PKCS #1
 * has it. */
static const char *import_rsa(struct der d, mbedtls_svc_key_id_t *id)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    const struct der all = d;
    struct der key, version, n;
    size_t bits;

    if (!take(&d, SEQUENCE, &key) || d.p != d.end ||
        !take(&key, MBEDTLS_ASN1_INTEGER, &version) ||
        !take(&key, MBEDTLS_ASN1_INTEGER, &n))
        return malformed;
    for (; n.p < n.end && *n.p == 0;)
        n.p++;
    bits = 8 * (size_t)(n.end - n.p);
    if (bits < CILP_PRIVATE_KEY_RSA_MIN || bits > CILP_PRIVATE_KEY_RSA_MAX)
        return other_kind;
    psa_set_key_type(&a, PSA_KEY_TYPE_RSA_KEY_PAIR);
    psa_set_key_algorithm(&a, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_ANY_HASH));
    psa_set_key_enrollment_algorithm(&a, PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH));
    return import(&a, all.p, (size_t)(all.end - all.p), id);
}

/* ---- ECDSA --------------------------------------------------------------- */

#define SCALAR_MAX 66 /* of P-521 */

static size_t bits_of(const struct der *curve)
{
    if (IS_OID(curve, "\x2a\x86\x48\xce\x3d\x03\x01\x07"))
        return 256;
    if (IS_OID(curve, "\x2b\x81\x04\x00\x22"))
        return 384;
    return IS_OID(curve, "\x2b\x81\x04\x00\x23") ? 521 : 0;
}

/* PSA wants as many bytes as the curve has; not all that write keys do. */
static const char *import_scalar(struct der d, size_t bits,
                                 mbedtls_svc_key_id_t *id)
{
    psa_key_attributes_t a = PSA_KEY_ATTRIBUTES_INIT;
    size_t len = (bits + 7) / 8;
    uint8_t scalar[SCALAR_MAX] = {0};
    const char *fault;

    for (; d.p < d.end && *d.p == 0;)
        d.p++;
    if ((size_t)(d.end - d.p) > len)
        return malformed;
    memcpy(scalar + len - (size_t)(d.end - d.p), d.p, (size_t)(d.end - d.p));
    psa_set_key_type(&a, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&a, bits);
    psa_set_key_algorithm(&a, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH));
    fault = import(&a, scalar, len, id);
    mbedtls_platform_zeroize(scalar, sizeof scalar);
    return fault;
}

/* curve: of PKCS #8's own, or NULL: the key names it. */
static const char *import_ec(struct der d, const struct der *curve,
                             mbedtls_svc_key_id_t *id)
{
    struct der key, version, scalar, named, inner;
    size_t bits;

    if (!take(&d, SEQUENCE, &key) || d.p != d.end ||
        !take(&key, MBEDTLS_ASN1_INTEGER, &version) ||
        !take(&key, MBEDTLS_ASN1_OCTET_STRING, &scalar))
        return malformed;
    if (!curve) {
        if (!take(&key, CURVE, &named))
            return malformed;
        if (!take(&named, MBEDTLS_ASN1_OID, &inner))
            return other_kind; /* parameters written out */
        curve = &inner;
    }
    bits = bits_of(curve);
    return bits == 0 ? other_kind : import_scalar(scalar, bits, id);
}

/* ---- Whichever ----------------------------------------------------------- */

static const char *import_pkcs8(struct der d, mbedtls_svc_key_id_t *id)
{
    struct der all, version, alg, kind, curve, key;

    if (!take(&d, SEQUENCE, &all) || d.p != d.end ||
        !take(&all, MBEDTLS_ASN1_INTEGER, &version) ||
        !take(&all, SEQUENCE, &alg) || !take(&alg, MBEDTLS_ASN1_OID, &kind) ||
        !take(&all, MBEDTLS_ASN1_OCTET_STRING, &key))
        return malformed;
    if (IS_OID(&kind, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"))
        return import_rsa(key, id);
    if (!IS_OID(&kind, "\x2a\x86\x48\xce\x3d\x02\x01") ||
        !take(&alg, MBEDTLS_ASN1_OID, &curve))
        return other_kind;
    return import_ec(key, &curve, id);
}

/* see private_key.h */
const char *cilp_private_key_import(enum cilp_private_key_form form,
                                    uint8_t *der, size_t n,
                                    mbedtls_svc_key_id_t *id)
{
    const struct der d = {der, der + n};

    switch (form) {
    case CILP_PRIVATE_KEY_PKCS8: return import_pkcs8(d, id);
    case CILP_PRIVATE_KEY_PKCS1: return import_rsa(d, id);
    case CILP_PRIVATE_KEY_SEC1: return import_ec(d, NULL, id);
    }
    return malformed;
}
