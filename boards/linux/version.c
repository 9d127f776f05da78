#include "boards/linux/version.h"

#include "boards/linux/build_id.h" /* made by build_id.cmake */
#include "core/cilp.h"
#include "mbedtls/build_info.h"
#include "port/mbedtls/tls.h"

/* see version.h */
void version_show(struct out *o)
{
    out_str(o, "cilp " CILP_VERSION " (git " CILP_GIT_ID
               ") mbedTLS/" MBEDTLS_VERSION_STRING " roots/");
    out_str(o, cilp_trust_roots_date);
    out_char(o, '\n');
    out_str(o, cilp_tls_limits);
}
