/* Where the cpython driver looks, and which hosting it takes. */
#include "base/files.h"
#include "drivers/cpython/cpython.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    char dir[64];
    char *old_path, *old_home;
    struct td_context context;
};

static void put(const struct place *place, const char *name, const char *text,
                mode_t mode)
{
    struct td_err err = TD_ERR_INIT;
    char *path = td_xasprintf("%s/%s", place->dir, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    assert_int_equal(td_dir_make(path, &err), 0);
    *slash = '/';
    assert_int_equal(td_file_write_atomic(path, text, strlen(text), &err), 0);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static char *keep_env(const char *name, const char *value)
{
    const char *old = getenv(name);
    char *kept = old ? td_xstrdup(old) : NULL;
    setenv(name, value, 1);
    return kept;
}

static int set_up(void **state)
{
    struct place *place = td_xcalloc(1, sizeof *place);
    char *bins;
    strcpy(place->dir, "/tmp/test_cpython_driver.XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    bins =
        td_xasprintf("%s/a:%s/shims:%s/b", place->dir, place->dir, place->dir);
    place->old_path = keep_env("PATH", bins);
    place->old_home = keep_env("HOME", place->dir);
    unsetenv("VIRTUAL_ENV");
    unsetenv("PYENV_ROOT");
    place->context = (struct td_context){.build_dir = place->dir,
                                         .cache_dir = place->dir,
                                         .libexec_dir = place->dir};
    free(bins);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    static const char *const made[] = {
        "a/python3.9",
        "a/python3",
        "a/python3-config",
        "shims/python3",
        "shims/python3.9",
        "b/python3.9",
        "b/python3.8",
        "venv/pyvenv.cfg",
        "venv/bin/python",
        "venv/bin/python3",
        ".pyenv/versions/3.9.1/bin/python3",
        "worker-cpython-static.build",
        ".pyenv/versions/3.9.1/bin",
        ".pyenv/versions/3.9.1",
        ".pyenv/versions",
        ".pyenv",
        "venv/bin",
        "venv",
        "a",
        "b",
        "shims",
    };
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        char *path = td_xasprintf("%s/%s", place->dir, made[i]);
        remove(path);
        free(path);
    }
    assert_int_equal(rmdir(place->dir), 0);
    setenv("PATH", place->old_path ? place->old_path : "", 1);
    setenv("HOME", place->old_home ? place->old_home : "", 1);
    free(place->old_path);
    free(place->old_home);
    free(place);
    return 0;
}

static void link_to(const struct place *place, const char *target,
                    const char *name)
{
    char *path = td_xasprintf("%s/%s", place->dir, name);
    assert_int_equal(symlink(target, path), 0);
    free(path);
}

/* The i-th path found, without the temporary directory. */
static const char *found(const struct place *place,
                         const struct td_strings *paths, size_t i)
{
    size_t len = strlen(place->dir);
    assert_true(i < paths->count);
    assert_int_equal(strncmp(paths->at[i], place->dir, len), 0);
    return paths->at[i] + len;
}

static void each_interpreter_is_found_once(void **state)
{
    struct place *place = *state;
    struct td_strings paths = TD_STRINGS_INIT;

    put(place, "a/python3.9", "nine", 0755);
    link_to(place, "python3.9", "a/python3");
    put(place, "a/python3-config", "no interpreter", 0755);
    put(place, "shims/python3", "#!/bin/sh", 0755);
    put(place, "shims/python3.9", "#!/bin/sh", 0755);
    put(place, "b/python3.8", "eight, not executable", 0644);
    link_to(place, "../a/python3.9", "b/python3.9");
    put(place, "venv/pyvenv.cfg", "", 0644);
    put(place, "venv/bin/python3", "", 0644);
    put(place, ".pyenv/versions/3.9.1/bin/python3", "another nine", 0755);
    link_to(place, "../../a/python3.9", "venv/bin/python");

    td_cpython_find(&place->context, &paths);
    assert_string_equal(found(place, &paths, 0), "/venv/bin/python");
    assert_string_equal(found(place, &paths, 1), "/a/python3");
    assert_string_equal(found(place, &paths, 2), "/shims/python3");
    assert_string_equal(paths.at[paths.count - 1] + strlen(place->dir),
                        "/.pyenv/versions/3.9.1/bin/python3");
    for (size_t i = 3; i + 1 < paths.count; i++) /* this machine's own */
        assert_int_equal(strncmp(paths.at[i], "/usr/", 5), 0);
    td_strings_release(&paths);
}

static void default_hosting_equals_the_build(void **state)
{
    struct place *place = *state;
    const struct td_context *context = &place->context;
    json_t *own = json_pack("{s:s, s:n, s:n}", "sys_version", "3.9.1\n[x]",
                            "library", "libpython");
    json_t *shared = json_pack("{s:s, s:s, s:s}", "sys_version", "3.9.1\n[x]",
                               "library", "/l.so", "libpython", "/l.so");
    char *problem;

    assert_string_equal(td_cpython_hosting_default(context, own), "stock");
    put(place, "worker-cpython-static.build", "3.9.1\n[y]\n", 0644);
    assert_string_equal(td_cpython_hosting_default(context, own), "stock");
    problem = td_cpython_hosting_problem(context, own, "static");
    assert_non_null(strstr(problem, "another build"));
    free(problem);
    put(place, "worker-cpython-static.build", "3.9.1\n[x]\n", 0644);
    assert_string_equal(td_cpython_hosting_default(context, own), "static");
    assert_null(td_cpython_hosting_problem(context, own, "static"));
    assert_null(td_cpython_hosting_problem(context, own, "stock"));
    problem = td_cpython_hosting_problem(context, own, "shared");
    assert_non_null(problem);
    free(problem);
    assert_string_equal(td_cpython_hosting_default(context, shared), "shared");
    json_decref(own);
    json_decref(shared);
}

static void free_threaded_build_takes_its_own_module(void **state)
{
    struct place *place = *state;
    const struct td_context *context = &place->context;
    json_t *facts =
        json_pack("{s:b, s:s, s:s, s:s, s:s}", "free_threaded", 1, "extension",
                  ".cpython-313t.so", "sys_version", "3.13.5", "library",
                  "/l.so", "libpython", "/l.so");
    char *module = td_cpython_hosting_module(context, facts), *problem;

    assert_string_equal(module + strlen(place->dir),
                        "/_tandem.cpython-313t.so");
    assert_string_equal(td_cpython_hosting_default(context, facts), "stock");
    assert_null(td_cpython_hosting_problem(context, facts, "stock"));
    problem = td_cpython_hosting_problem(context, facts, "shared");
    assert_non_null(strstr(problem, "stock"));
    free(problem);
    free(module);
    json_object_set_new(facts, "free_threaded", json_false());
    module = td_cpython_hosting_module(context, facts);
    assert_string_equal(module + strlen(place->dir), "/_tandem.abi3.so");
    assert_string_equal(td_cpython_hosting_default(context, facts), "shared");
    free(module);
    json_decref(facts);
}

static void launch_names_the_interpreter_first(void **state)
{
    struct place *place = *state;
    struct td_runtime runtime = {.hosting = NULL};
    char path[] = "/py", hosting[3][8] = {"static", "shared", "stock"};
    runtime.path = path;
    runtime.build = json_pack("{s:s, s:n}", "libpython", "/l.so", "library");
    for (int i = 0; i < 3; i++) {
        struct td_launch launch = TD_LAUNCH_INIT;
        struct td_strings files = TD_STRINGS_INIT;
        runtime.hosting = hosting[i];
        td_cpython_hosting_launch(&place->context, &runtime, &launch, &files);
        assert_string_equal(launch.argv.at[0], "/py");
        assert_int_equal(launch.argv.count, i == 1 ? 4 : 2);
        assert_string_equal(files.at[0], launch.program);
        assert_int_equal(td_strings_has(&files, "/l.so"), i == 1);
        assert_int_equal(strcmp(launch.program, "/py") == 0, i == 2);
        td_strings_release(&files);
        td_launch_release(&launch);
    }
    json_decref(runtime.build);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_interpreter_is_found_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(default_hosting_equals_the_build,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            free_threaded_build_takes_its_own_module, set_up, tear_down),
        cmocka_unit_test_setup_teardown(launch_names_the_interpreter_first,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
