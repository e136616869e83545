#include "summary/case_bias.h"

#include "base/buf.h"
#include "base/json.h"
#include "summary/summary.h"

#include <stdlib.h>
#include <string.h>

/* What the making works with: the journal's `own` records alone. */
struct maker {
    const json_t *cases; /* of the manifest */
    const json_t **own;
    size_t nown;
    double confidence;
    uint64_t seed;
};

static void find_own(struct maker *maker, const json_t *journal)
{
    size_t i;
    const json_t *record;
    maker->own = td_xcalloc(json_array_size(journal) + 1, sizeof *maker->own);
    json_array_foreach(
        journal, i,
        record) if (strcmp(td_json_str(record, "type", ""), "own") == 0)
        maker->own[maker->nown++] = record;
}

/* The newest of a case's pair: a resumed run may have begun one again. */
static const json_t *own_of(const struct maker *maker, size_t in_case,
                            uint32_t pair)
{
    for (size_t i = maker->nown; i > 0; i--)
        if (td_json_u64(maker->own[i - 1], "case", UINT64_MAX) == in_case &&
            td_json_u64(maker->own[i - 1], "pair", UINT64_MAX) == pair)
            return maker->own[i - 1];
    return NULL;
}

static void count_failures(const struct maker *maker, size_t in_case,
                           struct td_case_bias *out)
{
    for (size_t i = 0; i < maker->nown; i++) {
        const json_t *record = maker->own[i];
        const char *message = td_json_str(record, "message", NULL);
        if (td_json_u64(record, "case", UINT64_MAX) != in_case)
            continue;
        out->tool = td_json_str(record, "tool", "its own tool");
        if (message) {
            out->tool_failures++;
            out->tool_message = message;
        }
    }
}

static void harness_bias(const struct maker *maker, struct td_case_summary *c)
{
    const struct td_case_series *series = &c->series;
    double *above = td_xcalloc(series->count + 1, sizeof *above);
    double *below = td_xcalloc(series->count + 1, sizeof *below);
    size_t n = 0;
    count_failures(maker, c->index, &c->bias);
    for (size_t i = 0; i < series->count; i++) {
        const json_t *record = own_of(maker, c->index, series->pair[i]);
        double ns = td_json_num(record, "ns_per_op", 0);
        if (ns > 0) {
            above[n] = series->mean_ns[i];
            below[n++] = ns;
        }
    }
    c->bias.harness_pairs = (uint32_t)n;
    c->bias.harness = td_ratio_paired(above, below, n, maker->confidence,
                                      maker->seed + c->index, TD_RESAMPLES);
    free(above);
    free(below);
}

static const char *fact(const struct maker *maker,
                        const struct td_case_summary *c, const char *name)
{
    return td_json_str(json_array_get(maker->cases, c->index), name, "");
}

static bool is_stock(const struct td_case_summary *c)
{
    return c->hosting && strcmp(c->hosting, "stock") == 0;
}

/* The same case in the interpreter's own executable; NULL: not measured. */
static const struct td_case_summary *stock_of(const struct maker *maker,
                                              const struct td_group_summary *of,
                                              const struct td_case_summary *c)
{
    for (size_t i = 0; i < of->ncases; i++) {
        const struct td_case_summary *other = &of->cases[i];
        if (is_stock(other) && !other->is_twin && !other->is_revised &&
            strcmp(other->implementation, c->implementation) == 0 &&
            strcmp(fact(maker, other, "path"), fact(maker, c, "path")) == 0)
            return other;
    }
    return NULL;
}

static void hosting_bias(const struct maker *maker, struct td_case_summary *c,
                         const struct td_case_summary *stock)
{
    const struct td_case_series *own = &c->series, *other = &stock->series;
    double *above = td_xcalloc(own->count + 1, sizeof *above);
    double *below = td_xcalloc(own->count + 1, sizeof *below);
    size_t n = 0;
    for (size_t i = 0; i < own->count; i++)
        for (size_t k = 0; k < other->count; k++)
            if (own->pair[i] == other->pair[k]) {
                above[n] = own->mean_ns[i];
                below[n++] = other->mean_ns[k];
                break;
            }
    c->bias.stock = stock->runtime;
    c->bias.hosting_pairs = (uint32_t)n;
    c->bias.hosting = td_ratio_paired(above, below, n, maker->confidence,
                                      maker->seed + c->index, TD_RESAMPLES);
    free(above);
    free(below);
}

static void group_bias(const struct maker *maker,
                       struct td_group_summary *group)
{
    for (size_t i = 0; i < group->ncases; i++) {
        struct td_case_summary *c = &group->cases[i];
        const struct td_case_summary *stock;
        harness_bias(maker, c);
        if (!c->hosting || is_stock(c) || c->is_twin || c->is_revised)
            continue;
        stock = stock_of(maker, group, c);
        if (stock)
            hosting_bias(maker, c, stock);
    }
}

void td_summary_bias(struct td_summary *summary, const json_t *manifest)
{
    struct maker maker = {
        .cases = json_object_get(manifest, "cases"),
        .confidence = summary->confidence,
        .seed = strtoull(td_json_str(manifest, "seed", "0"), NULL, 10),
    };
    find_own(&maker, summary->journal);
    for (size_t i = 0; i < summary->ngroups; i++)
        group_bias(&maker, &summary->groups[i]);
    free(maker.own);
}

json_t *td_case_hosting_json(const struct td_case_bias *bias)
{
    if (!bias->stock)
        return json_null();
    return json_pack("{s:s, s:o, s:I}", "stock", bias->stock, "ratio",
                     td_figure_json(bias->hosting), "pairs",
                     (json_int_t)bias->hosting_pairs);
}

json_t *td_case_own_tool_json(const struct td_case_bias *bias)
{
    if (!bias->tool)
        return json_null();
    return json_pack("{s:s, s:o, s:I, s:I, s:s?}", "name", bias->tool, "ratio",
                     td_figure_json(bias->harness), "pairs",
                     (json_int_t)bias->harness_pairs, "failures",
                     (json_int_t)bias->tool_failures, "message",
                     bias->tool_message);
}

void td_case_bias_load(struct td_case_bias *bias, const json_t *hosting,
                       const json_t *own_tool)
{
    *bias = (struct td_case_bias){
        .stock = td_json_str(hosting, "stock", NULL),
        .hosting = td_figure_from_json(json_object_get(hosting, "ratio")),
        .hosting_pairs = (uint32_t)td_json_u64(hosting, "pairs", 0),
        .tool = td_json_str(own_tool, "name", NULL),
        .harness = td_figure_from_json(json_object_get(own_tool, "ratio")),
        .harness_pairs = (uint32_t)td_json_u64(own_tool, "pairs", 0),
        .tool_failures = (uint32_t)td_json_u64(own_tool, "failures", 0),
        .tool_message = td_json_str(own_tool, "message", NULL),
    };
}
