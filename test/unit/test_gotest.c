/* The parts of the gotest driver that need no Go. */
#include "drivers/gotest/gotest.h"

#include "base/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void pattern_matches_one_benchmark(void **state)
{
    static const struct {
        const char *entry, *pattern;
    } cases[] = {
        {"BenchmarkTrial", "^BenchmarkTrial$"},
        {"BenchmarkJSON/read_all/n=1", "^BenchmarkJSON$/^read_all$/^n\\=1$"},
        {"BenchmarkA/x.y", "^BenchmarkA$/^x\\.y$"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct td_buf got = TD_BUF_INIT;
        td_go_pattern(cases[i].entry, &got);
        assert_string_equal(td_buf_str(&got), cases[i].pattern);
        td_buf_release(&got);
    }
}

static void complaint_keeps_what_matters(void **state)
{
    struct td_buf got = TD_BUF_INIT, many = TD_BUF_INIT;
    (void)state;
    td_go_complaint("go: downloading example.com/x v1.0.0\n\n"
                    "# tandem/primes\n./primes_test.go:7:2: undefined: x",
                    &got);
    assert_string_equal(td_buf_str(&got),
                        "# tandem/primes\n./primes_test.go:7:2: undefined: x");
    td_buf_clear(&got);
    for (int i = 0; i < 1000; i++)
        td_buf_addf(&many, "./x.go:%d:1: undefined: y\n", i);
    td_go_complaint(td_buf_str(&many), &got);
    assert_in_range(got.len, 1000, 1500);
    assert_memory_equal(td_buf_str(&got), "./x.go:0:1", 10);
    td_buf_release(&many);
    td_buf_release(&got);
}

static void versions_compare_as_numbers(void **state)
{
    (void)state;
    assert_true(td_go_new_enough("1.22", 22));
    assert_true(td_go_new_enough("1.22.12", 22));
    assert_true(td_go_new_enough("1.100rc1", 22));
    assert_true(td_go_new_enough("2.0", 22));
    assert_false(td_go_new_enough("1.9.7", 22));
    assert_false(td_go_new_enough("devel", 22));
}

static void resolve_answers_for_its_own_names_only(void **state)
{
    static const struct {
        const char *name;
        int code;
        const char *says;
    } cases[] = {
        {"cpython-3.11", TD_EUSAGE, "cpython-3.11"},
        {"go-fish", TD_EUSAGE, "go-fish"},
        {"go-1.99", TD_EDEPENDENCY, "go-1.99.1"},
        {"go-1.19.3", TD_EDEPENDENCY, "too old"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct td_context context = {0};
        struct td_runtime out = {0};
        struct td_err err = TD_ERR_INIT;
        assert_int_equal(
            td_driver_gotest.resolve(&context, cases[i].name, &out, &err),
            cases[i].code);
        assert_non_null(strstr(err.msg, cases[i].says));
        assert_null(out.name);
    }
}

/* A directory of sources, and the digest of it. */
struct tree {
    char dir[64];
};

static void put(const struct tree *tree, const char *name, const char *text)
{
    struct td_err err = TD_ERR_INIT;
    char *path = td_xasprintf("%s/%s", tree->dir, name);
    assert_int_equal(td_file_write_atomic(path, text, strlen(text), &err), 0);
    free(path);
}

static void drop(const struct tree *tree, const char *name)
{
    char *path = td_xasprintf("%s/%s", tree->dir, name);
    unlink(path);
    free(path);
}

static char *digest(const struct tree *tree, json_t *sources)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT;
    char *list = td_xasprintf("D %s\nF %s/data.txt\nM %s/go.mod\n", tree->dir,
                              tree->dir, tree->dir);
    assert_int_equal(td_go_digest(list, tree->dir, &text, sources, &err), 0);
    free(list);
    return td_buf_detach(&text);
}

static bool changes(const struct tree *tree, const char *before)
{
    json_t *sources = json_object();
    char *now = digest(tree, sources);
    bool differs = strcmp(now, before) != 0;
    free(now);
    json_decref(sources);
    return differs;
}

static void digest_sees_what_go_compiles(void **state)
{
    struct tree tree = {"/tmp/tandem-gotest-XXXXXX"};
    json_t *sources = json_object();
    char *before;
    (void)state;
    assert_non_null(mkdtemp(tree.dir));
    put(&tree, "x_test.go", "package x");
    put(&tree, "x.py", "pass");
    put(&tree, "data.txt", "1");
    put(&tree, "go.mod", "module x");
    before = digest(&tree, sources);
    assert_int_equal(json_object_size(sources), 3);
    assert_non_null(json_object_get(sources, "x_test.go"));

    put(&tree, "x.py", "print()");
    put(&tree, "_hidden.go", "package y");
    assert_false(changes(&tree, before));
    put(&tree, "x_test.go", "package  x");
    assert_true(changes(&tree, before));
    put(&tree, "x_test.go", "package x");
    put(&tree, "data.txt", "2");
    assert_true(changes(&tree, before));
    put(&tree, "data.txt", "1");
    put(&tree, "go.sum", "");
    assert_true(changes(&tree, before));
    drop(&tree, "go.sum");
    put(&tree, "new.go", "package x");
    assert_true(changes(&tree, before));
    drop(&tree, "new.go");
    assert_false(changes(&tree, before));

    drop(&tree, "x_test.go");
    drop(&tree, "x.py");
    drop(&tree, "_hidden.go");
    drop(&tree, "data.txt");
    drop(&tree, "go.mod");
    assert_int_equal(rmdir(tree.dir), 0);
    free(before);
    json_decref(sources);
}

static void digest_refuses_what_is_gone(void **state)
{
    static const char *const lists[] = {"D /nowhere/at/all", "F /nowhere/x",
                                        "M /nowhere/go.mod", "X /tmp"};
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        struct td_err err = TD_ERR_INIT;
        struct td_buf text = TD_BUF_INIT;
        json_t *sources = json_object();
        assert_true(td_go_digest(lists[i], "/", &text, sources, &err) < 0);
        assert_string_not_equal(err.msg, "");
        json_decref(sources);
        td_buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pattern_matches_one_benchmark),
        cmocka_unit_test(complaint_keeps_what_matters),
        cmocka_unit_test(versions_compare_as_numbers),
        cmocka_unit_test(resolve_answers_for_its_own_names_only),
        cmocka_unit_test(digest_sees_what_go_compiles),
        cmocka_unit_test(digest_refuses_what_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
