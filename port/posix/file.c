#include "port/posix/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *open_fault(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR: return "does not exist";
    case EACCES:
    case EPERM: return "may not be read by this user";
    case ELOOP: return "is a symbolic link that leads in a circle";
    case ENAMETOOLONG: return "is too long for a path";
    default: return "cannot be opened";
    }
}

static const char *check(struct cilp_posix_file *f)
{
    struct stat st;

    if (fstat(f->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return "is not a regular file";
    if (st.st_size > 0 && (uintmax_t)st.st_size > f->max)
        return "is too long to be what it should be";
    return NULL;
}

/* see file.h */
const char *cilp_posix_file_open(struct cilp_posix_file *f, const char *path,
                                 size_t max)
{
    const char *fault;

    f->max = f->left = max;
    /* O_NONBLOCK: a FIFO without a writer must not keep us */
    f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (f->fd < 0)
        return open_fault(errno);
    fault = check(f);
    if (fault)
        cilp_posix_file_close(f);
    return fault;
}

/* see file.h */
bool cilp_posix_file_rewind(struct cilp_posix_file *f)
{
    if (f->left == f->max) /* nothing was read yet */
        return true;
    f->left = f->max;
    return lseek(f->fd, 0, SEEK_SET) == 0;
}

/* see file.h */
size_t cilp_posix_file_read(struct cilp_posix_file *f, uint8_t *p, size_t cap)
{
    ssize_t n;

    do {
        n = read(f->fd, p, cap);
    } while (n < 0 && errno == EINTR);
    if (n < 0 || (size_t)n > f->left)
        return CILP_POSIX_FILE_FAILED; /* it has grown since it was opened */
    f->left -= (size_t)n;
    return (size_t)n;
}

/* see file.h */
void cilp_posix_file_close(struct cilp_posix_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}
