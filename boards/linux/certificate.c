#include "boards/linux/certificate.h"

#include <string.h>

#include "boards/linux/say/say.h"
#include "core/text.h"
#include "core/utc.h"
#include "port/posix/file.h"

#define PATH_SHOWN 100 /* bytes of a path: there is more to be said */

/* Begin a sentence: whose fault it is. */
static bool fail(char why[CILP_STREAM_WHY_MAX], const char *what,
                 const char *path, const char *fault)
{
    size_t n = strlen(path);
    struct cilp_text t;

    cilp_text_init(&t, why, CILP_STREAM_WHY_MAX);
    cilp_text_str(&t, what);
    cilp_text_str(&t, " '");
    cilp_text_shown(&t, path, n < PATH_SHOWN ? n : PATH_SHOWN);
    cilp_text_str(&t, n < PATH_SHOWN ? "' " : "...' ");
    cilp_text_str(&t, fault);
    cilp_text_cut(&t);
    return false;
}

/* All of a file. NULL, and *n; or what follows its path in a sentence. */
static const char *read_file(const char *path, char *p, size_t *n)
{
    struct cilp_posix_file f;
    const char *fault = cilp_posix_file_open(&f, path, CERTIFICATE_FILE_MAX);

    *n = 0;
    if (!fault && !cilp_posix_file_read_all(&f, (uint8_t *)p,
                                            CERTIFICATE_FILE_MAX + 1, n))
        fault = "cannot be read, or is larger than 32 KB";
    return fault;
}

static void tell_loose(const char *path)
{
    static bool told;
    const char *fault;

    if (told || cilp_posix_file_look(path, CERTIFICATE_FILE_MAX, &fault) !=
                    CILP_POSIX_LOOSE)
        return;
    told = true;
    note("the private key ", path,
         " is open to others than its owner; chmod 600 closes it");
}

/* By the machine's clock, which the sentence tells: it may be what is wrong. */
static bool judge(const struct cilp_client_cert *c, const char *path,
                  int64_t now_s, char why[CILP_STREAM_WHY_MAX])
{
    char dates[2][CILP_UTC_BASIC_LEN + 1], text[120];
    const char *fault = cilp_client_cert_dates(c, now_s);
    struct cilp_text t;

    if (!fault)
        return true;
    cilp_utc_basic(dates[0], now_s < c->from_s ? c->from_s : c->until_s);
    cilp_utc_basic(dates[1], now_s);
    cilp_text_init(&t, text, sizeof text);
    cilp_text_fill(&t,
                   now_s < c->from_s
                       ? "is valid only from %; this machine's clock says %"
                       : "expired at %; this machine's clock says %",
                   (const char *const[]){dates[0], dates[1]});
    cilp_text_cut(&t);
    return fail(why, "the certificate", path, text);
}

/* Room for the two texts, of which the second is a secret, and the first may be. */
static struct {
    char cert[CERTIFICATE_FILE_MAX + 1], key[CERTIFICATE_FILE_MAX + 1];
    size_t cert_len, key_len;
} files;

static bool load(struct cilp_client_cert *c, const char *cert, const char *key,
                 char why[CILP_STREAM_WHY_MAX])
{
    const char *fault = read_file(cert, files.cert, &files.cert_len);

    if (fault)
        return fail(why, "the certificate", cert, fault);
    fault = read_file(key, files.key, &files.key_len);
    if (fault)
        return fail(why, "the private key", key, fault);
    fault = cilp_client_cert_load(c, files.cert, files.cert_len, files.key,
                                  files.key_len);
    if (!fault)
        return true;
    return c->is_key_fault ? fail(why, "the private key", key, fault)
                           : fail(why, "the certificate", cert, fault);
}

/* see certificate.h */
bool certificate_load(struct cilp_client_cert *c, const char *cert,
                      const char *key, struct cilp_now now,
                      char why[CILP_STREAM_WHY_MAX])
{
    bool good;

    certificate_forget(c);
    good = load(c, cert, key, why);
    explicit_bzero(files.cert, files.cert_len);
    explicit_bzero(files.key, files.key_len);
    if (good && now.trusted && !judge(c, cert, now.unix_s, why)) {
        certificate_forget(c);
        return false;
    }
    if (good)
        tell_loose(key);
    return good;
}

/* see certificate.h */
bool certificate_is_there(const struct cilp_client_cert *c)
{
    return c->is.leaf != NULL;
}

/* see certificate.h */
void certificate_forget(struct cilp_client_cert *c)
{
    cilp_client_cert_end(c);
}
