/*
 * tune_fixture - a made-up /sys with everything that tune sets, in a
 * directory for each test (its name is *state).
 */
#ifndef TD_TEST_TUNE_FIXTURE_H
#define TD_TEST_TUNE_FIXTURE_H

#include "base/files.h"
#include "host/probe.h"
#include "host/tune.h"

#include <ftw.h>
#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CPU "/sys/devices/system/cpu"
#define THP "/sys/kernel/mm/transparent_hugepage/enabled"
#define STATE "/var/tune.json"

static inline void put(const char *root, const char *path, const char *text)
{
    struct td_err err = TD_ERR_INIT;
    char *full = td_xasprintf("%s%s", root, path), *copy = td_xstrdup(full);
    assert_int_equal(td_dir_make(dirname(copy), &err), 0);
    assert_int_equal(td_file_write_atomic(full, text, strlen(text), &err), 0);
    free(copy);
    free(full);
}

static inline void holds(const char *root, const char *path, const char *text)
{
    char *found = td_probe_read(root, "%s", path);
    assert_non_null(found);
    assert_string_equal(found, text);
    free(found);
}

static inline int make_root(void **state)
{
    const char *tmp = getenv("TMPDIR");
    char *root = td_xasprintf("%s/tandem-tune-XXXXXX", tmp ? tmp : "/tmp");
    *state = root;
    if (!mkdtemp(root))
        return -1;
    put(root, CPU "/online", "0-1\n");
    put(root, CPU "/cpu0/cpufreq/scaling_governor", "powersave\n");
    put(root, CPU "/cpu1/cpufreq/scaling_governor", "schedutil\n");
    put(root, CPU "/cpu1/cpufreq/energy_performance_preference", "128\n");
    put(root, CPU "/intel_pstate/no_turbo", "0\n");
    put(root, THP, "[always] madvise never\n");
    put(root, "/proc/sys/kernel/numa_balancing", "1\n");
    put(root, "/proc/sys/kernel/randomize_va_space", "2\n");
    return 0;
}

static inline int remove_one(const char *path, const struct stat *st, int type,
                             struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline int remove_root(void **state)
{
    int rc = nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return rc;
}

static inline void holds_prior(const char *root)
{
    holds(root, CPU "/cpu0/cpufreq/scaling_governor", "powersave");
    holds(root, CPU "/cpu1/cpufreq/scaling_governor", "schedutil");
    holds(root, CPU "/cpu1/cpufreq/energy_performance_preference", "128");
    holds(root, CPU "/intel_pstate/no_turbo", "0");
    holds(root, "/proc/sys/kernel/numa_balancing", "1");
}

static inline char *state_of(const char *root)
{
    return td_xasprintf("%s" STATE, root);
}

#define IN_ROOT(test)                                                          \
    cmocka_unit_test_setup_teardown(test, make_root, remove_root)

#endif
