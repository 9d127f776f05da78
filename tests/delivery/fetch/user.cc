// user.cc - the same as outside/user.c in C++17: one cancel, where and as whom
// the environment says. Exit 0: cancelled.
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "port/drive.h"
#include "port/mbedtls/tls.h"
#include "port/posix/tcp.h"

namespace
{

struct Bundle {
    cilp_trust_reader reader; // first: the library hands its address back
    std::ifstream file;
};

bool to_start(cilp_trust_reader *r)
{
    auto &file = reinterpret_cast<Bundle *>(r)->file;

    file.clear();
    return static_cast<bool>(file.seekg(0));
}

size_t read_on(cilp_trust_reader *r, uint8_t *p, size_t cap)
{
    auto &file = reinterpret_cast<Bundle *>(r)->file;

    file.read(reinterpret_cast<char *>(p), static_cast<std::streamsize>(cap));
    return static_cast<size_t>(file.gcount());
}

cilp_op op;
cilp_posix_tcp tcp;
cilp_tls tls;
cilp_trust_bundle roots;
Bundle bundle;

bool set_up()
{
    const char *path = std::getenv("AWS_CA_BUNDLE");

    bundle.reader = {to_start, read_on};
    if (path)
        bundle.file.open(path, std::ios::binary);
    if (!bundle.file.is_open())
        return false;
    cilp_trust_init_bundle(&roots, &bundle.reader);
    cilp_posix_tcp_init(&tcp);
    cilp_tls_init(&tls, &tcp.s, &roots.trust);
    return true;
}

void run(cilp_drive &d)
{
    while (cilp_drive_lap(&d) != CILP_DONE)
        cilp_posix_wait(&tcp, cilp_drive_idle_ms(&d), nullptr);
}

} // namespace

int main(int argc, char **argv)
{
    cilp_static_creds keys = {std::getenv("AWS_ACCESS_KEY_ID"),
                              std::getenv("AWS_SECRET_ACCESS_KEY"),
                              std::getenv("AWS_SESSION_TOKEN")};
    cilp_request req = {};
    cilp_drive d = {&op, &tcp.s, &tls.stream, nullptr};

    req.flow = &cilp_cancel;
    req.image_id = argc > 1 ? argv[1] : "";
    req.region = std::getenv("AWS_REGION");
    req.endpoint = std::getenv("AWS_ENDPOINT_URL_EC2");
    req.source = &cilp_creds_static;
    req.source_arg = &keys;
    if (!cilp_init(&op, sizeof op) || !set_up() ||
        !cilp_port_entropy(req.random, sizeof req.random))
        return 1;
    cilp_start(&op, &req, cilp_port_now());
    run(d);
    cilp_end(&op);
    run(d);

    const struct cilp_result *result = cilp_result(&op);

    std::printf("outcome %d, error %d, %s\n", static_cast<int>(result->outcome),
                static_cast<int>(result->err), cilp_what_text(result->what));
    return result->outcome == CILP_CANCELLED ? 0 : 1;
}
