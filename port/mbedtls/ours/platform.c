/* What mbedTLS asks of its platform: see psa_config.h for the reasons. */
#include "mbedtls/build_info.h"
#include "mbedtls/platform.h"
#include "psa/crypto.h"

#include "port/mbedtls/tls_session.h"
#include "port/port.h"

/* ---- Text: none --------------------------------------------------------- */

int cilp_tls_no_snprintf(char *buf, size_t cap, const char *format, ...)
{
    (void)format;
    if (cap > 0)
        buf[0] = '\0';
    return -1;
}

int cilp_tls_no_vsnprintf(char *buf, size_t cap, const char *format,
                          va_list args)
{
    (void)args;
    (void)format;
    if (cap > 0)
        buf[0] = '\0';
    return -1;
}

int cilp_tls_no_printf(const char *format, ...)
{
    (void)format;
    return -1;
}

int cilp_tls_no_fprintf(void *file, const char *format, ...)
{
    (void)file;
    (void)format;
    return -1;
}

/* mbedTLS calls this when it finds the arena overwritten, and would go on if it
 * returned. */
void cilp_tls_no_exit(int status)
{
    (void)status;
    __builtin_trap();
}

/* ---- Random bytes ------------------------------------------------------- */

static unsigned random_refused;

/* see tls_session.h */
unsigned cilp_tls_random_refused(void)
{
    return random_refused;
}

psa_status_t mbedtls_psa_external_get_random(
    mbedtls_psa_external_random_context_t *context, uint8_t *output,
    size_t output_size, size_t *output_length)
{
    (void)context;
    *output_length = 0;
    if (!cilp_port_entropy(output, output_size)) {
        random_refused++;
        return PSA_ERROR_INSUFFICIENT_ENTROPY;
    }
    *output_length = output_size;
    return PSA_SUCCESS;
}
