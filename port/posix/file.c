#include "port/posix/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* see file.h */
const char *cilp_posix_file_fault(int number)
{
    switch (number) {
    case ENOENT: return "does not exist";
    case ENOTDIR: return "is below something that is no folder";
    case EACCES:
    case EPERM: return "may not be read by this user";
    case ELOOP: return "is a symbolic link that leads in a circle";
    case ENAMETOOLONG: return "is too long for a path";
    case EMFILE:
    case ENFILE: return "cannot be opened: too many files are open";
    case ENOMEM: return "cannot be opened: out of memory";
    default: return "cannot be opened";
    }
}

static const char *kind_fault(mode_t mode)
{
    if (S_ISDIR(mode))
        return "is a folder, not a regular file";
    if (S_ISFIFO(mode))
        return "is a pipe, not a regular file";
    return S_ISCHR(mode) || S_ISBLK(mode) ? "is a device, not a regular file"
                                          : "is not a regular file";
}

static const char *check(struct cilp_posix_file *f)
{
    struct stat st;

    if (fstat(f->fd, &st) != 0)
        return cilp_posix_file_fault(errno);
    if (!S_ISREG(st.st_mode))
        return kind_fault(st.st_mode);
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
    /* O_NONBLOCK: a FIFO without a writer must not keep us. openat(): after an
     * open() musl sets FD_CLOEXEC once more. */
    f->fd =
        openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (f->fd < 0) /* ENXIO: a socket, which nobody opens */
        return errno == ENXIO ? kind_fault(S_IFSOCK)
                              : cilp_posix_file_fault(errno);
    fault = check(f);
    if (fault)
        cilp_posix_file_close(f);
    return fault;
}

/* ---- A look ------------------------------------------------------------- */

/* Whether one of the path's folders, or its last part, is a symbolic link to
 * nothing: then something was put there. */
static bool is_dangling(const char *path)
{
    char part[PATH_MAX];
    size_t n = strlen(path);
    struct stat st;

    if (n >= sizeof part)
        return false;
    memcpy(part, path, n + 1);
    while (n > 0 && lstat(part, &st) != 0) {
        while (n > 0 && part[n - 1] != '/')
            n--;
        while (n > 0 && part[n - 1] == '/')
            n--;
        part[n] = '\0';
    }
    return n > 0 && S_ISLNK(st.st_mode) && stat(part, &st) != 0;
}

/* The device as such: it is also found at the end of a link, and in a chroot's
 * own folder of devices. */
static bool is_null(const struct stat *st)
{
    struct stat null;

    return S_ISCHR(st->st_mode) && stat("/dev/null", &null) == 0 &&
           S_ISCHR(null.st_mode) && st->st_rdev == null.st_rdev;
}

/* see file.h */
enum cilp_posix_seen cilp_posix_file_look(const char *path, size_t max,
                                          const char **fault)
{
    struct cilp_posix_file f;
    struct stat st;

    *fault = NULL;
    if (stat(path, &st) != 0) {
        *fault = errno == EACCES /* it would be the folder's */
                     ? "is below a folder that this user may not enter"
                     : cilp_posix_file_fault(errno);
        if (errno != ENOENT)
            return CILP_POSIX_BAD;
        if (!is_dangling(path))
            return CILP_POSIX_NOTHING;
        *fault = "is a symbolic link to nothing, or below one";
        return CILP_POSIX_BAD;
    }
    if (is_null(&st))
        return CILP_POSIX_NULL;
    *fault = cilp_posix_file_open(&f, path, max);
    cilp_posix_file_close(&f);
    if (*fault)
        return CILP_POSIX_BAD;
    return st.st_mode & (S_IRWXG | S_IRWXO) ? CILP_POSIX_LOOSE
                                            : CILP_POSIX_FILE;
}

/* see file.h */
bool cilp_posix_file_rewind(struct cilp_posix_file *f)
{
    if (f->left == f->max) /* nothing was read yet */
        return true;
    if (lseek(f->fd, 0, SEEK_SET) != 0)
        return false; /* and the next time is not taken for the first */
    f->left = f->max;
    return true;
}

/* see file.h */
size_t cilp_posix_file_read(struct cilp_posix_file *f, uint8_t *p, size_t cap)
{
    ssize_t n;

    do {
        n = read(f->fd, p, cap);
    } while (n < 0 && errno == EINTR);
    if (n < 0 || (size_t)n > f->left) { /* it has grown since it was opened */
        f->left = 0;
        return CILP_POSIX_FILE_FAILED;
    }
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

/* see file.h */
bool cilp_posix_file_read_all(struct cilp_posix_file *f, uint8_t *p, size_t cap,
                              size_t *n)
{
    size_t got = 1;

    for (*n = 0; got > 0 && got != CILP_POSIX_FILE_FAILED && *n < cap;) {
        got = cilp_posix_file_read(f, p + *n, cap - *n);
        if (got != CILP_POSIX_FILE_FAILED)
            *n += got;
    }
    cilp_posix_file_close(f);
    return got != CILP_POSIX_FILE_FAILED;
}
