/* Which CPUs are chosen on made-up machines, and which lists are refused. */
#include "host/placement.h"
#include "test/unit/tune_fixture.h"

#define LAPTOP "test/data/host/laptop"

/* A machine of so many CPUs; siblings and package by number. */
static void machine(const char *root, int cpus, int cores, int packages)
{
    char *list = td_xasprintf("Cpus_allowed_list:\t0-%d\n", cpus - 1);
    put(root, "/proc/self/status", list);
    free(list);
    for (int cpu = 0; cpu < cpus; cpu++) {
        char *dir = td_xasprintf(CPU "/cpu%d/topology/", cpu), *path;
        int core = cpu % cores;
        char *siblings = cpus > cores
                             ? td_xasprintf("%d,%d\n", core, core + cores)
                             : td_xasprintf("%d\n", core);
        char *package = td_xasprintf("%d\n", core * packages / cores);
        path = td_xasprintf("%sthread_siblings_list", dir);
        put(root, path, siblings);
        free(path);
        path = td_xasprintf("%sphysical_package_id", dir);
        put(root, path, package);
        free(path);
        free(package);
        free(siblings);
        free(dir);
    }
}

static void expect_text(const char *found, const char *wanted)
{
    if (!wanted)
        assert_null(found);
    else if (!found || strcmp(found, wanted) != 0)
        fail_msg("\"%s\", expected \"%s\"", found ? found : "(none)", wanted);
}

static void chooses(const char *root, const char *workers, const char *harness,
                    const char *says)
{
    struct td_placement found = TD_PLACEMENT_INIT;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_placement_auto(&found, root, &err), 0);
    expect_text(found.workers, workers);
    expect_text(found.harness, harness);
    assert_non_null(found.text);
    if (!strstr(found.text, says))
        fail_msg("\"%s\" does not say \"%s\"", found.text, says);
    td_placement_release(&found);
}

static void test_whole_cores(void **state)
{
    machine(*state, 4, 4, 1);
    chooses(*state, "1-3", "0", "one thread of each other core");
    machine(*state, 3, 3, 1);
    chooses(*state, "1-2", "0", "harness and services on CPU 0");
    machine(*state, 8, 4, 1);
    chooses(*state, "1-3", "0", "one thread");
}

static void servers_on(const char *root, const char *servers, const char *load)
{
    struct td_placement found = TD_PLACEMENT_INIT;
    td_placement_servers(&found, root);
    expect_text(found.workers, servers);
    expect_text(found.harness, load);
    assert_non_null(strstr(found.text, "servers"));
    td_placement_release(&found);
}

/* Never on the same CPU where there are two. */
static void test_servers_and_their_load(void **state)
{
    machine(*state, 1, 1, 1);
    servers_on(*state, NULL, NULL);
    machine(*state, 2, 2, 1);
    servers_on(*state, "1", "0");
    machine(*state, 2, 1, 1); /* two threads of one core */
    servers_on(*state, "1", "0");
    machine(*state, 4, 4, 1);
    servers_on(*state, "1-3", "0");
    machine(*state, 4, 2, 1); /* a whole core each */
    servers_on(*state, "1,3", "0,2");
    machine(*state, 8, 8, 1);
    servers_on(*state, "2-7", "0-1");
}

static void test_too_few_cores(void **state)
{
    machine(*state, 4, 2, 1);
    chooses(*state, "1,3", "0", "both threads of the other core");
    machine(*state, 2, 2, 1);
    chooses(*state, NULL, NULL, "only two CPUs");
    machine(*state, 2, 1, 1);
    chooses(*state, NULL, NULL, "share both");
    machine(*state, 1, 1, 1);
    chooses(*state, NULL, NULL, "only one CPU");
}

static void test_alike_and_near(void **state)
{
    machine(*state, 16, 8, 2);
    chooses(*state, "1-3", "0", "one package");
    machine(*state, 12, 12, 1);
    put(*state, "/sys/devices/cpu_core/cpus", "0-3\n");
    chooses(*state, "1-3", "0", "fast cores");
    put(*state, CPU "/isolated", "1,6-7\n");
    chooses(*state, "2-3", "0", "not isolated");
}

/* CPU 3 is isolated, 0 and 2 are one core. */
static void test_laptop(void **state)
{
    (void)state;
    chooses(LAPTOP, "1-2", "0", "one of them on the harness's core");
}

static void test_nothing_is_told(void **state)
{
    struct td_placement found = TD_PLACEMENT_INIT;
    struct td_err err = TD_ERR_INIT;
    (void)state;
    assert_int_equal(td_placement_auto(&found, "test/data/host/nothing", &err),
                     TD_EUSAGE);
    td_err_clear(&err);
    assert_int_equal(
        td_placement_given(&found, "test/data/host/nothing", "4-5", 2, &err),
        0);
    expect_text(found.workers, "4-5");
    expect_text(found.harness, NULL);
    td_placement_release(&found);
}

static void accepts(const char *root, const char *list, size_t workers,
                    const char *pinned, const char *harness, const char *says)
{
    struct td_placement found = TD_PLACEMENT_INIT;
    struct td_err err = TD_ERR_INIT;
    if (td_placement_given(&found, root, list, workers, &err))
        fail_msg("%s: %s", list, err.msg);
    expect_text(found.workers, pinned);
    expect_text(found.harness, harness);
    if (!strstr(found.text, says))
        fail_msg("\"%s\" does not say \"%s\"", found.text, says);
    td_placement_release(&found);
}

static void refuses(const char *list, size_t workers, const char *says)
{
    struct td_placement found = TD_PLACEMENT_INIT;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_placement_given(&found, LAPTOP, list, workers, &err),
                     TD_EUSAGE);
    if (!strstr(err.msg, says))
        fail_msg("\"%s\" does not say \"%s\"", err.msg, says);
    td_placement_release(&found);
}

static void test_given(void **state)
{
    (void)state;
    accepts(LAPTOP, "1", 1, "1", "0,2-3", "as given");
    accepts(LAPTOP, "0-1", 2, "0-1", "2-3", "harness and services on CPU 2-3");
    accepts(LAPTOP, "2,0", 2, "0,2", "1,3", "threads of one core");
    accepts(LAPTOP, "0-3", 2, "0-3", NULL, "on the same");
}

static void test_isolated_may_be_asked_for(void **state)
{
    machine(*state, 4, 4, 1);
    put(*state, "/proc/self/status", "Cpus_allowed_list:\t0-1\n");
    put(*state, CPU "/isolated", "2-3\n");
    accepts(*state, "2-3", 2, "2-3", "0-1", "isolated CPUs");
}

static void test_refused(void **state)
{
    static const char *const no_lists[] = {
        "", ",", "1-", "-1", "1,", "a", "1 2", "0x1", "3-1", "1,,2", "1;2"};
    (void)state;
    for (size_t i = 0; i < sizeof no_lists / sizeof no_lists[0]; i++)
        refuses(no_lists[i], 2, "expected auto, or CPUs such as");
    refuses("2", 2, "give at least two CPUs, or auto");
    refuses("2,2-2", 3, "3 workers on one CPU");
    refuses("3-4", 2, "this process may use CPU 0-3");
    refuses("4294967296", 1, "may use CPU 0-3");
    refuses("1,99999999999999999999", 2, "may use CPU 0-3");
}

static void test_neighbours(void **state)
{
    struct td_neighbours near;
    td_placement_neighbours(LAPTOP, &near);
    assert_int_equal(near.cpu, 0);
    assert_int_equal(near.sibling, 2);
    assert_int_equal(near.other, 1);
    machine(*state, 2, 2, 1);
    td_placement_neighbours(*state, &near);
    assert_int_equal(near.cpu, 0);
    assert_int_equal(near.sibling, -1);
    assert_int_equal(near.other, 1);
    td_placement_neighbours("test/data/host/nothing", &near);
    assert_int_equal(near.cpu, -1);
    assert_int_equal(near.other, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(test_whole_cores),      IN_ROOT(test_servers_and_their_load),
        IN_ROOT(test_too_few_cores),    IN_ROOT(test_alike_and_near),
        cmocka_unit_test(test_laptop),  cmocka_unit_test(test_nothing_is_told),
        cmocka_unit_test(test_given),   IN_ROOT(test_isolated_may_be_asked_for),
        cmocka_unit_test(test_refused), IN_ROOT(test_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
