/*
 * bare.c - the least that a TLS client on mbedTLS does: the handshake that the
 * program does too, one write, one read. What the program takes beyond this is
 * its own doing.
 *
 *     bare PORT ROOT.der REQUEST       of 127.0.0.1, verified; 0: a reply came
 *
 * Same library, same configuration, same flags, same offers to the server.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mbedtls/psa_util.h"
#include "mbedtls/ssl.h"
#include "port/mbedtls/arena.h"
#include "port/port.h"
#include "psa/crypto.h"

static mbedtls_ssl_config conf;
static mbedtls_ssl_context ssl;
static mbedtls_x509_crt root;
static unsigned char file[8192], reply[8192];

/* As tls.c offers them. */
static const uint16_t signatures[] = {MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
                                      MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
                                      MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
                                      MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
                                      MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
                                      MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
                                      MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
                                      MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
                                      MBEDTLS_TLS1_3_SIG_NONE};

static void check(int good, const char *what)
{
    if (good)
        return;
    fputs(what, stderr);
    fputs(" failed\n", stderr);
    exit(1);
}

static int put(void *fd, const unsigned char *p, size_t n)
{
    return (int)write(*(int *)fd, p, n);
}

static int get(void *fd, unsigned char *p, size_t n)
{
    return (int)read(*(int *)fd, p, n);
}

static size_t load(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t n;

    check(f != NULL, path);
    n = fread(file, 1, sizeof file, f);
    fclose(f);
    return n;
}

static int connect_to(const char *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    a.sin_port = htons((uint16_t)atoi(port));
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(connect(fd, (struct sockaddr *)&a, sizeof a) == 0, "connect");
    return fd;
}

static void set_up(size_t root_len)
{
    mbedtls_ssl_config_init(&conf);
    mbedtls_ssl_init(&ssl);
    mbedtls_x509_crt_init(&root);
    check(mbedtls_x509_crt_parse_der(&root, file, root_len) == 0, "root");
    check(mbedtls_ssl_config_defaults(&conf, MBEDTLS_SSL_IS_CLIENT,
                                      MBEDTLS_SSL_TRANSPORT_STREAM,
                                      MBEDTLS_SSL_PRESET_DEFAULT) == 0,
          "configuration");
    mbedtls_ssl_conf_min_tls_version(&conf, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_authmode(&conf, MBEDTLS_SSL_VERIFY_REQUIRED);
    mbedtls_ssl_conf_ca_chain(&conf, &root, NULL);
    mbedtls_ssl_conf_sig_algs(&conf, signatures);
#if MBEDTLS_VERSION_MAJOR < 4
    mbedtls_ssl_conf_rng(&conf, mbedtls_psa_get_random,
                         MBEDTLS_PSA_RANDOM_STATE);
#endif
    check(mbedtls_ssl_setup(&ssl, &conf) == 0, "set-up");
    check(mbedtls_ssl_set_hostname(&ssl, "localhost") == 0, "host name");
}

int main(int argc, char **argv)
{
    size_t n;
    int fd, rc;

    check(argc == 4, "usage");
    check(cilp_arena_start(), "arena");
    set_up(load(argv[2]));
    n = load(argv[3]);
    fd = connect_to(argv[1]);
    mbedtls_ssl_set_bio(&ssl, &fd, put, get, NULL);
    check(mbedtls_ssl_handshake(&ssl) == 0, "handshake");
    check(mbedtls_ssl_write(&ssl, file, n) == (int)n, "write");
    do
        rc = mbedtls_ssl_read(&ssl, reply, sizeof reply);
    while (rc == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET);
    check(rc > 0, "read");
    mbedtls_ssl_close_notify(&ssl);
    return 0;
}
