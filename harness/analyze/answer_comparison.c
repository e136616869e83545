#include "analyze/answer.h"
#include "analyze/two_sides.h"
#include "analyze/two_sides_warnings.h"

static json_t *warmups(const struct td_side *side)
{
    json_t *out = json_array();
    for (size_t i = 0; i < side->count; i++) {
        const struct td_warmup *one = &side->warmup[i];
        json_array_append_new(
            out, json_pack("{s:s?, s:I, s:I, s:o, s:o, s:o}", "class",
                           one->steady_known ? td_warmup_name(one->kind) : NULL,
                           "start", (json_int_t)one->start, "cut",
                           (json_int_t)one->cut, "first",
                           td_answer_number(one->first), "steady",
                           td_answer_number(one->steady), "until",
                           td_answer_number(one->until)));
    }
    return out;
}

/* What a case's invocations have in common. */
static json_t *both(const char *name, json_t *a, json_t *b)
{
    return json_pack("{s:{s:o, s:o}}", name, "a", a, "b", b);
}

static json_t *mann_whitney(const struct td_two_sides *c)
{
    struct td_mann_whitney test;
    if (c->request->paired)
        return json_null();
    test = td_mann_whitney(c->b.mean, c->b.count, c->a.mean, c->a.count);
    return json_pack("{s:o, s:o, s:o, s:b}", "u", td_answer_number(test.u), "p",
                     td_answer_number(test.p), "superior",
                     td_answer_number(test.superior), "exact", test.exact);
}

static json_t *integer(size_t value)
{
    return json_integer((json_int_t)value);
}

/* null where no invocation could be judged. */
static json_t *class_of(const struct td_side *side)
{
    size_t known = 0;
    for (size_t i = 0; i < side->count; i++)
        known += side->warmup[i].steady_known;
    if (!known)
        return json_null();
    return json_string(td_warmup_name(side->common.kind));
}

json_t *td_answer_comparison(const struct td_query *request)
{
    struct td_two_sides c;
    json_t *out;
    td_two_sides_init(&c, request);
    out = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:f, s:f}", "ratio",
        td_answer_figure(c.ratio, c.method), "median_ratio",
        td_answer_figure(c.median_ratio, c.median_method), "companion",
        td_answer_figure(c.companion, c.companion_method), "effect_size",
        td_answer_number(c.effect_size), "mann_whitney", mann_whitney(&c),
        "verdict", td_verdict_name(c.verdict), "reason", c.reason,
        "noise_floor", td_answer_number(c.noise_floor), "confidence",
        request->confidence, "computed_at", c.confidence);
    json_object_update_new(
        out, both("invocations", integer(c.a.count), integer(c.b.count)));
    json_object_update_new(
        out, both("truncated", integer(c.a.cut), integer(c.b.cut)));
    json_object_update_new(out, both("class", class_of(&c.a), class_of(&c.b)));
    json_object_update_new(out, both("warmup", warmups(&c.a), warmups(&c.b)));
    json_object_set_new(out, "warnings", td_two_sides_warnings(&c));
    td_two_sides_release(&c);
    return out;
}
