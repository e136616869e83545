#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/files.h"
#include "base/staged_file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char dir[64];
    char *file, *link;
};

static int setup(void **state)
{
    struct fixture *f = td_xcalloc(1, sizeof *f);
    struct td_err err = TD_ERR_INIT;
    strcpy(f->dir, "/tmp/tandem-staged-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->file = td_xasprintf("%s/file", f->dir);
    f->link = td_xasprintf("%s/link", f->dir);
    assert_int_equal(td_file_write_atomic(f->file, "old", 3, &err), 0);
    assert_int_equal(chmod(f->file, 0604), 0);
    assert_int_equal(symlink("file", f->link), 0);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    td_dir_remove(f->dir);
    free(f->file);
    free(f->link);
    free(f);
    return 0;
}

static void holds(const char *path, const char *text)
{
    struct td_buf content = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_file_read(path, &content, &err), 0);
    assert_string_equal(td_buf_str(&content), text);
    td_buf_release(&content);
}

static size_t entries(const char *dir)
{
    size_t n = 0;
    DIR *open = opendir(dir);
    assert_non_null(open);
    while (readdir(open))
        n++;
    closedir(open);
    return n - 2; /* . and .. */
}

static void replaces_through_a_link(void **state)
{
    struct fixture *f = *state;
    struct td_staged_file staged;
    struct td_err err = TD_ERR_INIT;
    struct stat st;
    assert_int_equal(td_staged_file_write(&staged, f->link, "new", 3, &err), 0);
    holds(f->file, "old");
    assert_int_equal(td_staged_file_commit(&staged, &err), 0);
    holds(f->file, "new");
    assert_int_equal(lstat(f->link, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(stat(f->file, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0604);
    td_staged_file_release(&staged);
    assert_int_equal(entries(f->dir), 2);
}

static void leaves_nothing_without_commit(void **state)
{
    struct fixture *f = *state;
    struct td_staged_file staged;
    struct td_err err = TD_ERR_INIT;
    assert_int_equal(td_staged_file_write(&staged, f->file, "new", 3, &err), 0);
    assert_int_equal(entries(f->dir), 3);
    td_staged_file_release(&staged);
    td_staged_file_release(&staged);
    assert_int_equal(entries(f->dir), 2);
    holds(f->file, "old");
}

static void needs_the_file(void **state)
{
    struct fixture *f = *state;
    struct td_staged_file staged;
    struct td_err err = TD_ERR_INIT;
    char *missing = td_xasprintf("%s/missing", f->dir);
    assert_true(td_staged_file_write(&staged, missing, "new", 3, &err) < 0);
    assert_non_null(strstr(err.msg, "cannot replace"));
    td_staged_file_release(&staged);
    assert_int_equal(entries(f->dir), 2);
    free(missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(replaces_through_a_link, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(leaves_nothing_without_commit, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(needs_the_file, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
