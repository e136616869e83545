#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "measure/budget.h"

#include <string.h>

enum { MOST_GROUPS = 8, MOST_VISITS = 1000 };
#define S 1000000000ull

/* Groups whose pairs take a known time; most: pairs at which one ends. */
struct world {
    struct td_budget_group groups[MOST_GROUPS];
    uint64_t pair_ns[MOST_GROUPS];
    uint32_t most[MOST_GROUPS];
    size_t count, visits;
    uint64_t now_ns;
    uint32_t when_all_had_first; /* the most pairs that any had then */
};

static void add(struct world *w, uint64_t pair_ns, uint32_t first,
                uint32_t most)
{
    w->groups[w->count].first = first;
    w->pair_ns[w->count] = pair_ns;
    w->most[w->count++] = most;
}

static void watch(struct world *w)
{
    uint32_t most = 0;
    if (w->when_all_had_first)
        return;
    for (size_t i = 0; i < w->count; i++) {
        if (w->groups[i].pairs < w->groups[i].first)
            return;
        most = w->groups[i].pairs > most ? w->groups[i].pairs : most;
    }
    w->when_all_had_first = most;
}

/* As measure/group_visit.c does it. */
static void visit(struct world *w, const struct td_budget_visit *v)
{
    struct td_budget_group *g = &w->groups[v->group];
    uint64_t end = w->now_ns + v->share_ns, pair = w->pair_ns[v->group];
    uint32_t before = g->pairs;
    w->visits++;
    while (g->pairs == before ||
           (g->pairs < v->goal &&
            (g->pairs < TD_BUDGET_LEAST || w->now_ns + pair <= end))) {
        g->pairs++;
        g->pair_ns = pair;
        w->now_ns += pair;
        watch(w);
        g->stopped = g->pairs >= w->most[v->group];
        if (g->stopped)
            return;
    }
}

static void run(struct world *w, uint64_t budget_ns)
{
    struct td_budget budget;
    struct td_budget_visit v;
    memset(&budget, 0, sizeof budget);
    while (td_budget_next(&budget, w->groups, w->count,
                          budget_ns > w->now_ns ? budget_ns - w->now_ns : 0,
                          &v)) {
        assert_true(w->visits < MOST_VISITS);
        assert_false(w->groups[v.group].stopped);
        visit(w, &v);
    }
}

static void all_have_the_first_look_before_one_has_more(void **state)
{
    struct world w;
    (void)state;
    memset(&w, 0, sizeof w);
    add(&w, 4 * S, 15, 150); /* by even shares it would have 10 */
    add(&w, S / 10, 15, 150);
    add(&w, S / 10, 15, 150);
    add(&w, 2 * S, 15, 150);
    run(&w, 160 * S);
    assert_int_equal(w.when_all_had_first, 15);
    for (size_t i = 0; i < w.count; i++)
        assert_true(w.groups[i].pairs >= 15);
    /* The rest goes to precision: those that can use it end at their cap. */
    assert_int_equal(w.groups[1].pairs, 150);
    assert_true(w.now_ns <= 160 * S);
    assert_true(w.now_ns > 150 * S);
}

/* Long pairs, wherever they come, cost the others none of theirs. */
static void long_pairs_have_few_and_short_ones_all(void **state)
{
    struct world w;
    (void)state;
    memset(&w, 0, sizeof w);
    add(&w, 100 * S, 15, 150);
    for (int i = 0; i < 4; i++)
        add(&w, 2 * S, 15, 150);
    add(&w, 60 * S, 15, 150);
    run(&w, 1000 * S);
    assert_int_equal(w.groups[0].pairs, TD_BUDGET_LEAST);
    for (size_t i = 1; i < 5; i++)
        assert_true(w.groups[i].pairs >= 15);
    assert_true(w.groups[5].pairs >= TD_BUDGET_LEAST);
    assert_true(w.now_ns <= 1000 * S);
}

static void five_pairs_however_little_time(void **state)
{
    struct world w;
    (void)state;
    memset(&w, 0, sizeof w);
    add(&w, 10 * S, 15, 150);
    add(&w, 10 * S, 15, 150);
    add(&w, 10 * S, 3, 3);
    run(&w, 10 * S);
    assert_int_equal(w.groups[0].pairs, TD_BUDGET_LEAST);
    assert_int_equal(w.groups[1].pairs, TD_BUDGET_LEAST);
    assert_int_equal(w.groups[2].pairs, 3);
}

static void enough_time_leaves_nobody_unfinished(void **state)
{
    struct world w;
    (void)state;
    memset(&w, 0, sizeof w);
    add(&w, S, 15, 40);
    add(&w, S, 15, 20);
    add(&w, S, 15, 15);
    run(&w, 1000 * S);
    assert_int_equal(w.groups[0].pairs, 40);
    assert_int_equal(w.groups[1].pairs, 20);
    assert_int_equal(w.groups[2].pairs, 15);
    assert_int_equal(w.now_ns, 75 * S);
    assert_true(w.visits <= 9);
}

static void nothing_to_do(void **state)
{
    struct td_budget budget;
    struct td_budget_visit v;
    struct td_budget_group stopped = {.first = 15, .stopped = true};
    (void)state;
    memset(&budget, 0, sizeof budget);
    assert_false(td_budget_next(&budget, &stopped, 1, S, &v));
    memset(&budget, 0, sizeof budget);
    assert_false(td_budget_next(&budget, NULL, 0, S, &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_have_the_first_look_before_one_has_more),
        cmocka_unit_test(long_pairs_have_few_and_short_ones_all),
        cmocka_unit_test(five_pairs_however_little_time),
        cmocka_unit_test(enough_time_leaves_nobody_unfinished),
        cmocka_unit_test(nothing_to_do),
    };
    return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
