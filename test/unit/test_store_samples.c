#include "base/files.h"
#include "store/samples.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
    char dir[256];
    char path[300];
};

static int setup(void **state)
{
    const char *tmp = getenv("TMPDIR");
    struct place *place = td_xcalloc(1, sizeof *place);
    snprintf(place->dir, sizeof place->dir, "%s/tandem-samples-XXXXXX",
             tmp ? tmp : "/tmp");
    *state = place;
    if (!mkdtemp(place->dir))
        return -1;
    snprintf(place->path, sizeof place->path, "%s/000.npy", place->dir);
    return 0;
}

static int teardown(void **state)
{
    struct place *place = *state;
    unlink(place->path);
    rmdir(place->dir);
    free(place);
    return 0;
}

static struct td_sample row(uint32_t i)
{
    return (struct td_sample){i / 100, i / 10,          1000u * i,
                              i,       i % 7 ? 1 : 256, 0};
}

static void write_rows(struct td_samples *to, uint32_t first, uint32_t count)
{
    struct td_err err = TD_ERR_INIT;
    struct td_sample *rows = td_xcalloc(count, sizeof *rows);
    for (uint32_t i = 0; i < count; i++)
        rows[i] = row(first + i);
    assert_int_equal(td_samples_append(to, rows, count, &err), 0);
    free(rows);
}

static void create(const char *path, uint32_t count)
{
    struct td_err err = TD_ERR_INIT;
    struct td_samples samples;
    assert_int_equal(td_samples_open(&samples, path, &err), 0);
    write_rows(&samples, 0, count);
    assert_int_equal(td_samples_close(&samples, &err), 0);
}

struct seen {
    uint32_t next;
    size_t largest;
    int stop;
};

static int see(const struct td_sample *rows, size_t count, void *context,
               struct td_err *err)
{
    struct seen *seen = context;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        struct td_sample want = row(seen->next++);
        assert_memory_equal(&rows[i], &want, sizeof want);
    }
    if (count > seen->largest)
        seen->largest = count;
    return seen->stop;
}

static void rows_come_back_in_pieces(void **state)
{
    struct place *place = *state;
    struct td_err err = TD_ERR_INIT;
    struct seen seen = {0, 0, 0};
    uint64_t rows;
    create(place->path, 10000);
    assert_int_equal(td_samples_count(place->path, &rows, &err), 0);
    assert_int_equal(rows, 10000);
    assert_int_equal(td_samples_read(place->path, 0, 10000, see, &seen, &err),
                     0);
    assert_int_equal(seen.next, 10000);
    assert_int_equal(seen.largest, 4096);
    seen = (struct seen){9990, 0, 0};
    assert_int_equal(td_samples_read(place->path, 9990, 10, see, &seen, &err),
                     0);
    assert_int_equal(seen.next, 10000);
}

static void the_reader_can_be_stopped(void **state)
{
    struct place *place = *state;
    struct td_err err = TD_ERR_INIT;
    struct seen seen = {0, 0, -42};
    create(place->path, 10000);
    assert_int_equal(td_samples_read(place->path, 0, 10000, see, &seen, &err),
                     -42);
    assert_int_equal(seen.next, 4096);
}

static void asking_for_too_much_is_an_error(void **state)
{
    struct place *place = *state;
    struct td_err err = TD_ERR_INIT;
    struct seen seen = {0, 0, 0};
    create(place->path, 10);
    assert_int_equal(td_samples_read(place->path, 0, 11, see, &seen, &err),
                     TD_EINPUT);
    assert_non_null(strstr(err.msg, place->path));
    td_err_clear(&err);
    assert_int_equal(
        td_samples_read(place->path, 5, UINT64_MAX, see, &seen, &err),
        TD_EINPUT);
    assert_int_equal(seen.next, 0);
}

static void the_header_is_numpy_s(void **state)
{
    struct place *place = *state;
    struct td_err err = TD_ERR_INIT;
    struct td_buf file = TD_BUF_INIT;
    create(place->path, 3);
    assert_int_equal(td_file_read(place->path, &file, &err), 0);
    assert_int_equal(file.len, TD_SAMPLES_HEADER + 3 * 32);
    assert_memory_equal(file.data, "\x93NUMPY\x01\x00\xf6\x00{'descr': ", 20);
    assert_int_equal(file.data[TD_SAMPLES_HEADER - 1], '\n');
    assert_non_null(strstr(file.data + 10, "'shape': (3,), }"));
    td_buf_release(&file);
}

/* Cut at every byte: what is whole can be read, and writing goes on. */
static void a_file_cut_anywhere_is_readable(void **state)
{
    struct place *place = *state;
    struct td_buf file = TD_BUF_INIT;
    struct td_err err = TD_ERR_INIT;
    create(place->path, 5);
    assert_int_equal(td_file_read(place->path, &file, &err), 0);
    for (size_t cut = 0; cut <= file.len; cut++) {
        struct td_samples samples;
        struct seen seen = {0, 0, 0};
        uint64_t rows, want = cut < TD_SAMPLES_HEADER + 32
                                  ? 0
                                  : (cut - TD_SAMPLES_HEADER) / 32;
        FILE *out = fopen(place->path, "wb");
        assert_non_null(out);
        assert_int_equal(fwrite(file.data, 1, cut, out), cut);
        fclose(out);
        assert_int_equal(td_samples_count(place->path, &rows, &err), 0);
        assert_int_equal(rows, want);
        assert_int_equal(
            td_samples_read(place->path, 0, want, see, &seen, &err), 0);
        assert_int_equal(seen.next, want);
        assert_int_equal(td_samples_open(&samples, place->path, &err), 0);
        assert_int_equal(samples.rows, want);
        write_rows(&samples, (uint32_t)want, 3);
        assert_int_equal(td_samples_sync(&samples, false, &err), 0);
        write_rows(&samples, (uint32_t)want + 3, 1);
        assert_int_equal(td_samples_close(&samples, &err), 0);
        seen = (struct seen){0, 0, 0};
        assert_int_equal(
            td_samples_read(place->path, 0, want + 4, see, &seen, &err), 0);
    }
    td_buf_release(&file);
}

static void another_file_is_left_alone(void **state)
{
    static const char other[] = "\x93NUMPY but of another shape";
    struct place *place = *state;
    struct td_err err = TD_ERR_INIT;
    struct td_samples samples;
    struct td_buf file = TD_BUF_INIT;
    uint64_t rows;
    assert_int_equal(
        td_file_write_atomic(place->path, other, sizeof other, &err), 0);
    assert_int_equal(td_samples_open(&samples, place->path, &err), TD_EINPUT);
    assert_int_equal(samples.fd, -1);
    td_err_clear(&err);
    assert_int_equal(td_samples_count(place->path, &rows, &err), TD_EINPUT);
    td_err_clear(&err);
    assert_int_equal(td_file_read(place->path, &file, &err), 0);
    assert_int_equal(file.len, sizeof other);
    td_buf_release(&file);
}

/* Largest size that a file may have from now on. */
static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A file-size limit stops the write in the middle of a row: the error says
 * so, and the file keeps exactly the rows it had. */
static void a_failed_write_is_taken_back(void **state)
{
    struct place *place = *state;
    struct td_err err = TD_ERR_INIT;
    struct td_samples samples;
    struct td_sample rows[2] = {row(3), row(4)};
    struct seen seen = {0, 0, 0};
    struct stat st;
    create(place->path, 3);
    assert_int_equal(td_samples_open(&samples, place->path, &err), 0);
    signal(SIGXFSZ, SIG_IGN);
    limit_file_size(TD_SAMPLES_HEADER + 3 * 32 + 50);
    assert_int_equal(td_samples_append(&samples, rows, 2, &err), -EFBIG);
    limit_file_size(RLIM_INFINITY);
    assert_non_null(strstr(err.msg, place->path));
    assert_int_equal(stat(place->path, &st), 0);
    assert_int_equal(st.st_size, TD_SAMPLES_HEADER + 3 * 32);
    assert_int_equal(samples.rows, 3);
    td_err_clear(&err);
    write_rows(&samples, 3, 5);
    assert_int_equal(td_samples_close(&samples, &err), 0);
    assert_int_equal(td_samples_read(place->path, 0, 8, see, &seen, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_back_in_pieces, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_reader_can_be_stopped, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(asking_for_too_much_is_an_error, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_header_is_numpy_s, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_cut_anywhere_is_readable, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(another_file_is_left_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_failed_write_is_taken_back, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
