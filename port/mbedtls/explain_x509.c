#include "port/mbedtls/explain_x509.h"

#include <stddef.h>

#include "mbedtls/pk.h"
#include "mbedtls/x509.h"

/* mbedTLS adds an error of its lower layers, of seven bits, to one of these. */
#define HIGH(rc) (-(unsigned)(rc)&0xff80)

static const char kind[] = "has a key of a kind that is not supported here";
static const char extension[] =
    "has a critical extension that is not known here, or a broken one";

static const struct {
    unsigned high;
    const char *text;
} faults[] = {
    {HIGH(MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE), kind},
    {HIGH(MBEDTLS_ERR_PK_UNKNOWN_PK_ALG), kind},
    {HIGH(MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE), kind},
    {HIGH(MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG),
     "has a signature of a kind that is not supported here"},
#if MBEDTLS_VERSION_MAJOR >= 4 /* which says this of the same */
    {HIGH(MBEDTLS_ERR_X509_UNKNOWN_OID),
     "has a signature of a kind that is not supported here"},
#endif
    {HIGH(MBEDTLS_ERR_X509_INVALID_EXTENSIONS), extension},
    {HIGH(MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE), extension},
};

/* see explain_x509.h */
const char *cilp_explain_x509(int rc)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (faults[i].high == HIGH(rc))
            return faults[i].text;
    return "is malformed";
}
