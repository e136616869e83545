/*
 * tandem-launch - starts one process, waits for it, says what it cost.
 *
 * A program of its own because of two facts: libuv reaps children without
 * their rusage, and ru_maxrss of a child begins with the resident size of
 * the process that forked it.  So this one stays tiny.
 *
 * Descriptors, by position: 0 /dev/null, 1 stdout, 2 stderr, 3 control
 * channel, 4 sample buffer, 5 report channel (a socket to the harness).  The
 * child inherits 0 to --keep and nothing else.
 *
 * On the report channel go lines: "started pid=" (with "memory_by=" where
 * --memory limits it, see launcher_memory.h), or "failed step= errno="; then
 * "ended status= signal= ..." with all of rusage.  Both say by CLOCK_MONOTONIC
 * when: "at_ns=" just before the fork, and just after wait4.  Any byte that
 * arrives there, its end of file, or SIGTERM (which the kernel sends when the
 * harness has died) means: kill everything below me.
 *
 * Nothing survives the launcher: it is a child subreaper, so whatever the
 * child left behind becomes its own child, and is killed and reaped.
 */
#include "exec/launcher_cpus.h"
#include "exec/launcher_memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REPORT = 5, CLEANUP_ROUNDS = 200, CLEANUP_WAIT_MS = 10 };

struct order {
    const char *program, *cpus, *cwd;
    char **argv;
    long parent; /* the harness's pid: whoever else is our parent is not it */
    int keep;    /* the highest descriptor that the child inherits */
    struct td_memory_limit memory;
};

static unsigned long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (unsigned long long)t.tv_sec * 1000000000u +
           (unsigned long long)t.tv_nsec;
}

static void report(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void report(const char *fmt, ...)
{
    char line[512];
    va_list ap;
    int len;
    va_start(ap, fmt);
    len = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (len > 0)
        (void)!send(REPORT, line, (size_t)len, MSG_NOSIGNAL);
}

static int usage(void)
{
    static const char text[] =
        "tandem-launch is started by tandem, not by hand\n";
    (void)!write(2, text, sizeof text - 1);
    return 2;
}

/* "any", "cgroup" or "rlimit" */
static void allow(struct td_memory_limit *memory, const char *by)
{
    memory->may_group = strcmp(by, "rlimit") != 0;
    memory->may_rlimit = strcmp(by, "cgroup") != 0;
}

static bool parse(int argc, char **argv, struct order *order)
{
    int i = 1;
    for (; i + 1 < argc && strcmp(argv[i], "--"); i += 2) {
        if (!strcmp(argv[i], "--program"))
            order->program = argv[i + 1];
        else if (!strcmp(argv[i], "--cpus"))
            order->cpus = argv[i + 1];
        else if (!strcmp(argv[i], "--cwd"))
            order->cwd = argv[i + 1];
        else if (!strcmp(argv[i], "--parent"))
            order->parent = strtol(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--keep"))
            order->keep = (int)strtol(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--memory"))
            order->memory.bytes = strtoull(argv[i + 1], NULL, 10);
        else if (!strcmp(argv[i], "--memory-by"))
            allow(&order->memory, argv[i + 1]);
        else
            return false;
    }
    if (i + 1 >= argc || !order->program)
        return false;
    order->argv = argv + i + 1;
    return order->keep >= 2 && order->keep < REPORT;
}

/* Every descriptor from `from` on; the loop is for kernels before 5.9. */
static void close_from(unsigned from)
{
    DIR *dir;
    struct dirent *entry;
#ifdef SYS_close_range
    if (syscall(SYS_close_range, from, ~0u, 0u) == 0)
        return;
#endif
    dir = opendir("/proc/self/fd");
    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        int fd = atoi(entry->d_name);
        if (fd >= (int)from && fd != dirfd(dir))
            close(fd);
    }
    closedir(dir);
}

static void close_on_exec(int fd)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
}

struct failure {
    int errnum;
    char step[8];
};

static void fail(int fd, const char *step)
{
    struct failure failure = {errno, ""};
    snprintf(failure.step, sizeof failure.step, "%s", step);
    (void)!write(fd, &failure, sizeof failure);
    _exit(127);
}

/* In the child: becomes the program, or writes why not to fd. */
static void become(const struct order *order, pid_t launcher, int fd)
{
    sigset_t none;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launcher)
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (td_pin(order->cpus) < 0)
        fail(fd, "cpus");
    if (order->cwd && chdir(order->cwd) < 0)
        fail(fd, "cwd");
    if (td_memory_limit_enter(&order->memory) < 0)
        fail(fd, "memory");
    execv(order->program, order->argv);
    fail(fd, "exec");
}

/* The child's pid, or -1 after having reported the failure. */
static pid_t start(struct order *order)
{
    struct failure failure;
    pid_t child = -1, self = getpid();
    unsigned long long begin_ns = 0;
    int ends[2];
    ssize_t n;
    if (td_memory_limit_prepare(&order->memory) < 0) {
        report("failed step=memory errno=%d\n", errno);
        return -1;
    }
    if (pipe2(ends, O_CLOEXEC) == 0) {
        begin_ns = now_ns();
        child = fork();
    }
    if (child < 0) {
        report("failed step=fork errno=%d\n", errno);
        td_memory_limit_remove(&order->memory);
        return -1;
    }
    if (child == 0)
        become(order, self, ends[1]);
    setpgid(child, child); /* both sides do: whoever comes first */
    close(ends[1]);
    do
        n = read(ends[0], &failure, sizeof failure);
    while (n < 0 && errno == EINTR);
    close(ends[0]);
    if (n == (ssize_t)sizeof failure) {
        report("failed step=%s errno=%d\n", failure.step, failure.errnum);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
            ;
        td_memory_limit_remove(&order->memory);
        return -1;
    }
    report("started pid=%ld at_ns=%llu%s%s\n", (long)child, begin_ns,
           order->memory.by ? " memory_by=" : "",
           order->memory.by ? order->memory.by : "");
    return child;
}

static long long micros(struct timeval t)
{
    return (long long)t.tv_sec * 1000000 + t.tv_usec;
}

static void report_end(int status, unsigned long long end_ns,
                       const struct rusage *use,
                       const struct td_memory_limit *memory)
{
    char limited[96];
    td_memory_limit_describe(memory, limited, sizeof limited);
    report("ended status=%d signal=%d at_ns=%llu user_us=%lld system_us=%lld "
           "maxrss_kib=%ld minor_faults=%ld major_faults=%ld "
           "voluntary=%ld involuntary=%ld%s\n",
           WIFEXITED(status) ? WEXITSTATUS(status) : -1,
           WIFSIGNALED(status) ? WTERMSIG(status) : 0, end_ns,
           micros(use->ru_utime), micros(use->ru_stime), use->ru_maxrss,
           use->ru_minflt, use->ru_majflt, use->ru_nvcsw, use->ru_nivcsw,
           limited);
}

/* Whom the launcher watches over. */
struct ward {
    pid_t child;
    int signals; /* the descriptor of SIGCHLD and SIGTERM */
    const struct td_memory_limit *memory;
};

/* Reaps whoever has ended; true once the child is among them.  *left: are
 * there children still? */
static bool reap(const struct ward *ward, bool *left)
{
    bool ended = false;
    struct rusage use;
    int status;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &use)) != 0) {
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid < 0)
            break;
        if (pid == ward->child) {
            report_end(status, now_ns(), &use, ward->memory);
            ended = true;
        }
    }
    *left = pid == 0;
    return ended;
}

/* Those that left the group, and so were not hit by kill(-group). */
static void kill_children(void)
{
    char path[64], text[4096], *p = text, *end;
    ssize_t n;
    int fd;
    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    n = read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    for (;; p = end) {
        long pid = strtol(p, &end, 10);
        if (end == p)
            return;
        kill((pid_t)pid, SIGKILL);
    }
}

/* Kills until nobody is left.  A killed process's children become ours only
 * then, so it takes rounds; a bound keeps a process that the kernel cannot
 * end from holding us for ever. */
static void clean_up(const struct ward *ward)
{
    bool left = true;
    for (int round = 0; left && round < CLEANUP_ROUNDS; round++) {
        struct pollfd wait = {ward->signals, POLLIN, 0};
        struct signalfd_siginfo info;
        kill(-ward->child, SIGKILL);
        kill_children();
        reap(ward, &left);
        if (left && poll(&wait, 1, CLEANUP_WAIT_MS) > 0)
            (void)!read(ward->signals, &info, sizeof info);
    }
}

/* Waits for the child's end or the order to kill it. */
static void supervise(const struct ward *ward)
{
    for (;;) {
        struct pollfd wait[2] = {{ward->signals, POLLIN, 0},
                                 {REPORT, POLLIN, 0}};
        struct signalfd_siginfo info;
        bool left;
        if (poll(wait, 2, -1) < 0)
            continue;
        if (wait[0].revents && read(ward->signals, &info, sizeof info) > 0) {
            if (info.ssi_signo == SIGTERM || reap(ward, &left))
                return;
        }
        if (wait[1].revents)
            return;
    }
}

/* SIGCHLD and SIGTERM are read; the terminal's signals are the harness's
 * business, and must not end us before it has decided. */
static int take_signals(void)
{
    sigset_t blocked, read_here;
    sigemptyset(&read_here);
    sigaddset(&read_here, SIGCHLD);
    sigaddset(&read_here, SIGTERM);
    blocked = read_here;
    sigaddset(&blocked, SIGINT);
    sigaddset(&blocked, SIGQUIT);
    sigaddset(&blocked, SIGHUP);
    sigaddset(&blocked, SIGTSTP);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    return signalfd(-1, &read_here, SFD_CLOEXEC | SFD_NONBLOCK);
}

int main(int argc, char **argv)
{
    struct order order = {.keep = 2,
                          .memory = {.may_group = true, .may_rlimit = true}};
    struct ward ward = {.memory = &order.memory};
    if (!parse(argc, argv, &order))
        return usage();
    close_from(REPORT + 1);
    for (int fd = order.keep + 1; fd <= REPORT; fd++)
        close_on_exec(fd);
    ward.signals = take_signals();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != order.parent)
        return 1; /* the harness died before we could ask to be told */
    ward.child = start(&order);
    if (ward.child < 0)
        return 127;
    for (int fd = 0; fd < REPORT; fd++)
        if (fd !=
            ward.signals) /* below REPORT when there is no control channel */
            close(fd); /* else the harness would not see the child close it */
    supervise(&ward);
    clean_up(&ward);
    td_memory_limit_remove(&order.memory);
    return 0;
}
