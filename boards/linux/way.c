#include "boards/linux/way.h"

#include <string.h>
#include <strings.h>

#include "boards/linux/bundle_file.h"
#include "boards/linux/certificate.h"
#include "boards/linux/way_named.h"
#include "core/text.h"
#include "port/proxy/no_proxy.h"

/* Of the one session that a program has. */
static struct {
    const struct settings *set;
    struct way_named named[2], exempt; /* of two: for plain peers, with TLS */
    struct cilp_proxy_url url[2];
    struct cilp_proxy_ways ways;
    struct way_stream first;
    struct cilp_trust *trust; /* of https:// proxies */
    struct bundle_file bundle_file;
    struct cilp_trust_bundle bundle;
    struct cilp_client_cert certificate; /* for such a proxy, of the profile */
} self;

/* ---- Setting up ---------------------------------------------------------- */

static enum exit_code bad_url(struct way_named named, const char *fault)
{
    enum spelling spelling = self.set->spelling;
    enum exit_code rc = self.set->options->proxy ? EXIT_USAGE : EXIT_CONFIG;
    struct out o;

    say_fault(&o, spelling, rc);
    out_str(&o, named.from);
    if (strchr(named.text, '@')) {
        out_str(&o, " (not shown: there is an @ in it)");
    } else {
        out_str(&o, " '");
        out_quoted(&o, named.text);
        out_str(&o, "'");
    }
    out_str(&o, fault);
    out_str(&o, "; give http://HOST:PORT or https://HOST:PORT, or --proxy none"
                " to go straight");
    say_end(&o);
    return rc;
}

/* For peers with TLS, or without: *to is set if there is one. */
static enum exit_code read_url(bool tls, const struct cilp_proxy_url **to)
{
    const char *fault;

    if (!self.named[tls].text)
        return EXIT_DONE;
    fault = cilp_proxy_url_read(&self.url[tls], self.named[tls].text);
    if (fault)
        return bad_url(self.named[tls], fault);
    *to = &self.url[tls];
    return EXIT_DONE;
}

static bool is_plain(const char *endpoint)
{
    return endpoint && strncasecmp(endpoint, "http:", 5) == 0;
}

static enum exit_code read_urls(void)
{
    const struct settings *s = self.set;
    enum exit_code rc;

    for (int tls = 0; tls < 2; tls++)
        self.named[tls] = way_named(s->options, tls);
    rc = read_url(true, &self.ways.for_tls);
    /* what is wrong with the other is no matter, unless it is used */
    if (rc == EXIT_DONE &&
        (is_plain(s->req.endpoint) || is_plain(s->sts_endpoint)))
        rc = read_url(false, &self.ways.for_plain);
    return rc;
}

static bool is_https(const struct cilp_proxy_url *url)
{
    return url && url->tls;
}

/* One file with the certificate and its key, as the AWS CLI has it. */
static enum exit_code read_certificate(const char *path)
{
    char why[CILP_STREAM_WHY_MAX];
    struct out o;

    if (certificate_load(&self.certificate, path, path, cilp_port_now(), why)) {
        self.ways.identity = &self.certificate.is;
        return EXIT_DONE;
    }
    say_fault(&o, self.set->spelling, EXIT_CONFIG);
    out_str(&o, why);
    out_str(&o, "; it is named by proxy_client_cert");
    say_end(&o);
    return EXIT_CONFIG;
}

/* What the profile says of https:// proxies. */
static enum exit_code read_profile(struct cilp_trust **trust)
{
    const struct settings *s = self.set;
    const char *const *value = s->chain->profile.value;
    const char *bundle = value[CILP_PROFILE_PROXY_CA_BUNDLE];
    const char *certificate = value[CILP_PROFILE_PROXY_CLIENT_CERT];
    enum exit_code rc = EXIT_DONE;

    if (!is_https(self.ways.for_tls) && !is_https(self.ways.for_plain))
        return EXIT_DONE;
    if (certificate && *certificate)
        rc = read_certificate(certificate);
    if (rc != EXIT_DONE || !bundle || !*bundle)
        return rc;
    *trust = &self.bundle.trust;
    return bundle_file_trust(&self.bundle_file, &self.bundle, bundle,
                             "proxy_ca_bundle", s->spelling);
}

/* see way.h */
enum exit_code way_set_up(const struct settings *s, struct cilp_stream *tcp,
                          struct cilp_trust *trust, struct cilp_stream **to)
{
    enum exit_code rc;

    memset(&self, 0, sizeof self);
    self.set = s;
    self.exempt = way_exempt();
    self.ways.exempt = self.exempt.text;
    rc = read_urls();
    if (rc == EXIT_DONE)
        rc = read_profile(&trust);
    self.trust = trust;
    way_further(&self.first, tcp, to);
    return rc;
}

/* see way.h */
void way_further(struct way_stream *w, struct cilp_stream *tcp,
                 struct cilp_stream **to)
{
    cilp_tls_init(&w->tls, tcp, self.trust);
    cilp_proxy_init(&w->proxy, tcp, &w->tls.stream, &self.ways);
    *to = &w->proxy.s;
}

/* ---- What is said -------------------------------------------------------- */

static const struct cilp_proxy_url *used(const struct cilp_peer *to)
{
    return cilp_proxy_way(&self.ways, to) == CILP_PROXY_THROUGH
               ? &self.url[to->tls]
               : NULL;
}

static void put_entry(struct out *o, const struct cilp_peer *to)
{
    const char *entry = "";
    size_t len = 0;

    (void)cilp_no_proxy_has(self.ways.exempt, to->host, to->port, &entry, &len);
    out_str(o, self.exempt.from);
    out_str(o, " has '");
    for (; len > 0; len--)
        out_quoted(o, (char[]){*entry++, '\0'});
    out_char(o, '\'');
}

static void put_through(struct out *o, const struct cilp_peer *to)
{
    char url[WAY_URL_MAX];

    way_url(to, url);
    out_str(o, "through the proxy ");
    out_str(o, url);
    out_str(o, ", which ");
    out_str(o, self.named[to->tls].from);
    out_str(o, " names");
}

/* What is near is reached straight, whatever is named. */
static const char *overlooked(const struct cilp_peer *to)
{
    return cilp_proxy_way(&self.ways, to) == CILP_PROXY_NOT_NAMED
               ? way_overlooked(to->tls)
               : NULL;
}

/* see way.h */
void way_put(struct out *o, const struct cilp_peer *to)
{
    enum cilp_proxy_way way = cilp_proxy_way(&self.ways, to);

    if (way == CILP_PROXY_THROUGH) {
        put_through(o, to);
        return;
    }
    if (!self.named[to->tls].text) {
        way_put_unnamed(o, self.named[to->tls], overlooked(to), to->tls);
        return;
    }
    way_put_unused(o, self.named[to->tls]);
    if (way == CILP_PROXY_EXEMPT)
        put_entry(o, to);
    else
        out_str(o, way == CILP_PROXY_NEAR
                       ? "no proxy is asked for what is on this machine or its"
                         " link"
                       : "keys are fetched with nobody in between");
}

/* see way.h */
void way_tell(struct out *o, const char *before, const struct cilp_peer *to,
              const char *after)
{
    if (!self.named[to->tls].from && !overlooked(to))
        return;
    out_str(o, before);
    way_put(o, to);
    out_str(o, after);
}

/* see way.h */
void way_url(const struct cilp_peer *to, char text[WAY_URL_MAX])
{
    const struct cilp_proxy_url *url = used(to);
    bool is_v6 = url && strchr(url->host, ':');
    struct cilp_text t;

    cilp_text_init(&t, text, WAY_URL_MAX);
    if (url) {
        cilp_text_str(&t, url->tls ? "https://" : "http://");
        cilp_text_str(&t, is_v6 ? "[" : "");
        cilp_text_str(&t, url->host);
        cilp_text_str(&t, is_v6 ? "]:" : ":");
        cilp_text_uint(&t, url->port);
    }
    cilp_text_cut(&t);
}

/* see way.h: proxy.h says how its sentences begin */
bool way_put_step(struct out *o, const struct cilp_result *e, const char *why,
                  const struct cilp_peer *to)
{
    if (strncmp(why, "proxy ", 6) != 0 || !used(to))
        return false;
    out_str(o, "; ");
    out_str(o, self.named[to->tls].from);
    if (e->native == 407)
        out_str(o, " may have USER:PASSWORD@ in front of the host, all but"
                   " letters and digits as %XX");
    else if (e->err == CILP_E_CERT)
        out_str(o, " names it; the profile's proxy_ca_bundle, or --ca-bundle,"
                   " names the roots of its certificate");
    else
        out_str(o, " names it; check it, or go straight (--proxy none,"
                   " NO_PROXY)");
    return true;
}

/* see way.h */
void way_forget(void)
{
    if (self.set)
        way_named_wipe(self.set->options);
    certificate_forget(&self.certificate);
}
