/* What a workload file says of commands, how one is launched, and what its
 * output answers. */
#include "drivers/command/commands.h"
#include "measure/command_answer.h"
#include "plan/command_steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "[workload]\n"
                           "kind = command\n"
                           "network = yes\n"
                           "summary = s\n"
                           "base = go\n"
                           "default = plain\n"
                           "[set one]\n"
                           "size = 7\n"
                           "until = output\n"
                           "timeout = 2min\n"
                           "[set two]\n"
                           "size = 8\n"
                           "[implementation plain]\n"
                           "cpython = x.py {size}\n"
                           "go = {runtime} build -o {fresh}/out ./x\n"
                           "prepare = true\n"
                           "go.prepare = touch {fresh}/a\n"
                           "env = A=1\n"
                           "go.env = GOCACHE={scratch}/go\n";

static void parse(struct td_workload *out)
{
    struct td_err err = TD_ERR_INIT;
    int rc =
        td_workload_parse(out, "w", "/dir", "w.ini", text, strlen(text), &err);
    assert_string_equal(err.msg, "");
    assert_int_equal(rc, 0);
}

static void a_command_file_is_read(void **state)
{
    struct td_workload w;
    const struct td_implementation *plain;
    (void)state;
    parse(&w);
    plain = &w.implementations[0];
    assert_int_equal(w.kind, TD_WORKLOAD_COMMAND);
    assert_true(w.network);
    assert_int_equal(w.sets[0].until, TD_UNTIL_OUTPUT);
    assert_int_equal(w.sets[0].timeout_ns, 120000000000);
    assert_int_equal(w.sets[0].params.count, 1);
    assert_int_equal(w.sets[1].until, TD_UNTIL_EXIT);
    assert_int_equal(w.sets[1].timeout_ns, 0);
    assert_int_equal(plain->entries.count, 2);
    assert_int_equal(plain->steps.count, 4);
    assert_string_equal(td_command_step(plain, "cpython", "prepare"), "true");
    assert_string_equal(td_command_step(plain, "go", "prepare"),
                        "touch {fresh}/a");
    assert_string_equal(td_command_step(plain, NULL, "env"), "A=1");
    assert_string_equal(td_command_step(plain, "go", "env"),
                        "GOCACHE={scratch}/go");
    assert_null(td_command_step(plain, "cpython", "env"));
    assert_null(td_command_step(plain, "go", "cleanup"));
    td_workload_release(&w);
}

/* A set of its own values keeps how it is run. */
static void an_overridden_set_keeps_its_end(void **state)
{
    struct td_workload w;
    struct td_strings overrides = TD_STRINGS_INIT;
    struct td_set *sets = NULL;
    struct td_err err = TD_ERR_INIT;
    size_t count = 0;
    (void)state;
    parse(&w);
    td_strings_add(&overrides, "size=9");
    assert_int_equal(td_sets_select(&w, &overrides, NULL, &sets, &count, &err),
                     0);
    assert_int_equal(count, 1);
    assert_int_equal(sets[0].until, TD_UNTIL_OUTPUT);
    assert_int_equal(sets[0].timeout_ns, 120000000000);
    td_sets_free(sets, count);
    td_strings_release(&overrides);
    td_workload_release(&w);
}

static void directories_are_put_in_their_places(void **state)
{
    struct td_launch prepared = TD_LAUNCH_INIT, launch = TD_LAUNCH_INIT;
    (void)state;
    prepared.program = td_xstrdup("{scratch}/bin/x");
    td_strings_add(&prepared.argv, "x");
    td_strings_add(&prepared.argv, "a{fresh}b{fresh}");
    td_fields_set(&prepared.env, "CACHE", "{scratch}/c");
    td_command_launch(&prepared, "/s", "/f", &launch);
    assert_string_equal(launch.program, "/s/bin/x");
    assert_string_equal(launch.argv.at[1], "a/fb/f");
    assert_string_equal(td_fields_get(&launch.env, "CACHE"), "/s/c");
    assert_string_equal(prepared.argv.at[1], "a{fresh}b{fresh}");
    td_launch_release(&prepared);
    td_launch_release(&launch);
}

static void assert_answer(const char *printed, const char *wanted)
{
    struct td_figures figures = TD_FIGURES_INIT;
    struct td_err err = TD_ERR_INIT;
    char *answer;
    assert_int_equal(
        td_command_answer(printed, strlen(printed), &figures, &answer, &err),
        0);
    assert_string_equal(answer, wanted);
    td_figures_release(&figures);
    free(answer);
}

static void figures_are_no_part_of_an_answer(void **state)
{
    static const char printed[] = "figure bytes 12 B\nready\nfigure x_2 1.5 x";
    static const char wrong[] = "ready\nfigure 2 shows it\n";
    struct td_figures figures = TD_FIGURES_INIT;
    struct td_err err = TD_ERR_INIT;
    char *answer;
    (void)state;
    assert_int_equal(
        td_command_answer(printed, strlen(printed), &figures, &answer, &err),
        0);
    assert_string_equal(answer, "ready");
    assert_int_equal(figures.count, 2);
    assert_true(td_figures_get(&figures, "bytes")->value > 11);
    assert_string_equal(td_figures_get(&figures, "x_2")->unit, "x");
    free(answer);
    assert_int_equal(
        td_command_answer(wrong, strlen(wrong), &figures, &answer, &err),
        TD_EPROTOCOL);
    assert_null(answer);
    td_figures_release(&figures);
}

static void an_answer_is_what_was_printed(void **state)
{
    char sixty_five[66];
    (void)state;
    assert_answer("", "empty");
    assert_answer(" \n\t\n", "empty");
    assert_answer("ready\n", "ready");
    assert_answer("\n two words \r\n", "two words");
    assert_answer("figures are fine\n", "figures are fine");
    /* printf 'a\nb' | sha256sum, first 16 digits */
    assert_answer("a\nb\n", "7e18f737311b2dc3");
    memset(sixty_five, 'x', sizeof sixty_five - 1);
    sixty_five[65] = '\0';
    /* 65 times x */
    assert_answer(sixty_five, "9537c5fdf120482f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_file_is_read),
        cmocka_unit_test(an_overridden_set_keeps_its_end),
        cmocka_unit_test(directories_are_put_in_their_places),
        cmocka_unit_test(an_answer_is_what_was_printed),
        cmocka_unit_test(figures_are_no_part_of_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
