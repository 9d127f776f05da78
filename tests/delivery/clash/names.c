/*
 * names.c - the functions of a program that has never heard of the library, by
 * the names that a TLS client's parts get everywhere. Linked beside user.c;
 * what they print is theirs. C and C++.
 */
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

int arena_start(void), chain_choose(void), drive_lap(void),
    explain_failure(void);
int file_open(void), ini_init(void), json_read(void), op_start(void);
int process_run(void), tcp_init(void), tcp_wait(void), text_add(void);
int tls_init(void), tls_open(void), trust_init(void), why_add(void);

int arena_start(void)
{
    return 1;
}
int chain_choose(void)
{
    return 1;
}
int drive_lap(void)
{
    return 1;
}
int explain_failure(void)
{
    return 1;
}
int file_open(void)
{
    return 1;
}
int ini_init(void)
{
    return 1;
}
int json_read(void)
{
    return 1;
}
int op_start(void)
{
    return 1;
}
int process_run(void)
{
    return 1;
}
int tcp_init(void)
{
    return 1;
}
int tcp_wait(void)
{
    return 1;
}
int text_add(void)
{
    return 1;
}
int tls_init(void)
{
    return 1;
}
int tls_open(void)
{
    return 1;
}
int trust_init(void)
{
    return 1;
}
int why_add(void)
{
    return 1;
}

__attribute__((constructor)) static void call_them(void)
{
    printf("own: %d\n", arena_start() + chain_choose() + drive_lap() +
                            explain_failure() + file_open() + ini_init() +
                            json_read() + op_start() + process_run() +
                            tcp_init() + tcp_wait() + text_add() + tls_init() +
                            tls_open() + trust_init() + why_add());
}

#ifdef __cplusplus
}
#endif
