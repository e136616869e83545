/* Run directories cut off at every byte. */
#include "base/files.h"

#include "run_dir_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

/* Whole lines in the first `cut` bytes. */
static size_t lines_within(const struct td_buf *text, size_t cut)
{
    size_t lines = 0;
    for (size_t i = 0; i < cut; i++)
        lines += text->data[i] == '\n';
    return lines;
}

/* At each byte the journal reads as its whole lines, and after reopening,
 * one more line makes one line more. */
static void a_journal_cut_anywhere_is_readable(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT;
    char *path = whole_run(*state);
    char *journal = td_xasprintf("%s/journal.jsonl", path);
    assert_int_equal(td_file_read(journal, &text, &err), 0);
    for (size_t cut = 0; cut <= text.len; cut++) {
        struct td_run_dir run;
        size_t want = lines_within(&text, cut);
        int torn;
        write_file(journal, text.data, cut);
        open_run(&run, *state, "last");
        assert_int_equal(journal_lines(&run, &torn), want);
        assert_int_equal(torn, cut > 0 && text.data[cut - 1] != '\n');
        if (cut % 37 == 0) {
            assert_int_equal(td_run_dir_reopen(&run, &err), 0);
            add_batch(&run, 1, 99);
            assert_int_equal(journal_lines(&run, &torn), want + 1);
            assert_int_equal(torn, 0);
        }
        release(&run);
    }
    td_buf_release(&text);
    free(journal);
    free(path);
}

/* Whatever is left of a sample file, its lost batches are left out, and
 * what is appended later is not taken for them. */
static void samples_cut_anywhere_are_left_out(void **state)
{
    struct td_err err = TD_ERR_INIT;
    struct td_buf text = TD_BUF_INIT, journal_text = TD_BUF_INIT;
    char *path = whole_run(*state);
    char *samples = td_xasprintf("%s/samples/001.npy", path);
    char *journal = td_xasprintf("%s/journal.jsonl", path);
    assert_int_equal(td_file_read(samples, &text, &err), 0);
    assert_int_equal(td_file_read(journal, &journal_text, &err), 0);
    assert_int_equal(text.len, TD_SAMPLES_HEADER + BATCHES * ROWS * 32);
    for (size_t cut = 0; cut <= text.len; cut++) {
        size_t rows =
            cut < TD_SAMPLES_HEADER ? 0 : (cut - TD_SAMPLES_HEADER) / 32;
        size_t whole = rows / ROWS, want = BATCHES + whole;
        struct td_run_dir run;
        int torn;
        write_file(samples, text.data, cut);
        write_file(journal, journal_text.data, journal_text.len);
        open_run(&run, *state, "last");
        assert_int_equal(journal_lines(&run, &torn), want);
        assert_int_equal(torn, whole < BATCHES);
        if (cut % 37 != 0) {
            release(&run);
            continue;
        }
        assert_int_equal(td_run_dir_reopen(&run, &err), 0);
        add_batch(&run, 1, 99);
        assert_int_equal(run.samples[1].rows, rows + ROWS);
        assert_int_equal(journal_lines(&run, &torn), want + 1);
        assert_int_equal(torn, 0);
        release(&run);
    }
    assert_int_equal(unlink(samples), 0);
    write_file(journal, journal_text.data, journal_text.len);
    {
        struct td_run_dir run;
        int torn;
        open_run(&run, *state, "last");
        assert_int_equal(journal_lines(&run, &torn), BATCHES);
        assert_int_equal(torn, 1);
        release(&run);
    }
    td_buf_release(&text);
    td_buf_release(&journal_text);
    free(samples);
    free(journal);
    free(path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_journal_cut_anywhere_is_readable),
        TEST(samples_cut_anywhere_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
