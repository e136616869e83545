#include "analyze/query_check.h"

#include "analyze/query_fields.h"

static bool given(const struct td_query *request, size_t row)
{
    return request->given >> row & 1;
}

static bool one_bit(unsigned kinds)
{
    return kinds && !(kinds & (kinds - 1));
}

/* By the fields that decide; two that disagree are an error. */
static int find_kind(struct td_reader *reader, struct td_query *request)
{
    const struct td_query_field *field = td_query_fields;
    unsigned kinds = 0;
    for (size_t i = 0; field[i].name; i++) {
        if (!field[i].decides || !given(request, i))
            continue;
        if (kinds && !(kinds & field[i].kinds))
            return td_reader_reject(reader, field[i].name, SIZE_MAX,
                                    "%s has no such field",
                                    td_query_kind_name(kinds));
        kinds |= field[i].kinds;
    }
    if (!one_bit(kinds))
        return td_reader_reject(reader, NULL, SIZE_MAX,
                                "expected \"a\" and \"b\", \"series\", "
                                "\"samples\" or \"npy\", \"sizes\" and "
                                "\"times\", or \"cases\"");
    request->kind = (enum td_query_kind)kinds;
    return 0;
}

static int check_fields(struct td_reader *reader,
                        const struct td_query *request)
{
    const struct td_query_field *field = td_query_fields;
    for (size_t i = 0; field[i].name; i++) {
        bool belongs = field[i].kinds & request->kind;
        if (given(request, i) && !belongs)
            return td_reader_reject(reader, field[i].name, SIZE_MAX,
                                    "%s has no such field",
                                    td_query_kind_name(request->kind));
        if (!given(request, i) && belongs && field[i].required)
            return td_reader_reject(
                reader, NULL, SIZE_MAX, "%s needs \"%s\" too",
                td_query_kind_name(request->kind), field[i].name);
    }
    return 0;
}

static int check_length(struct td_reader *reader, const char *name,
                        size_t count, size_t wanted)
{
    if (!count || count == wanted)
        return 0;
    return td_reader_reject(reader, name, SIZE_MAX,
                            "holds %zu, but \"a\" holds %zu: paired data need "
                            "as many invocations (or say \"paired\": false)",
                            count, wanted);
}

static int check_comparison(struct td_reader *reader,
                            const struct td_query *request)
{
    size_t pairs = td_invocations_count(&request->a);
    int rc = 0;
    if (request->paired) {
        rc =
            check_length(reader, "b", td_invocations_count(&request->b), pairs);
        if (!rc)
            rc = check_length(reader, "aa", td_invocations_count(&request->aa),
                              pairs);
        if (!rc && request->first.count && request->first.count != pairs)
            rc = td_reader_reject(
                reader, "first", SIZE_MAX,
                "holds %zu, but \"a\" holds %zu: one turn a pair",
                request->first.count, pairs);
    } else if (request->first.count) {
        rc = td_reader_reject(reader, "first", SIZE_MAX,
                              "only paired data have a first turn");
    }
    return rc;
}

static int check_series(struct td_reader *reader,
                        const struct td_query *request)
{
    if (request->series_kind != TD_SERIES_WARMUP)
        return 0;
    for (size_t i = 0; i < request->series.count; i++)
        if (request->series.at[i] < 0)
            return td_reader_reject(reader, "series", i,
                                    "expected a time, 0 or more, found %g",
                                    request->series.at[i]);
    return 0;
}

static int check_quantiles(struct td_reader *reader,
                           const struct td_query *request)
{
    if (request->samples.count && request->npy.len)
        return td_reader_reject(reader, "npy", SIZE_MAX,
                                "given besides \"samples\": one of the two");
    if (!request->samples.count && !request->npy.len)
        return td_reader_reject(reader, "npy", SIZE_MAX,
                                "expected a file's name, found \"\"");
    return 0;
}

static int check_growth(struct td_reader *reader,
                        const struct td_query *request)
{
    if (request->sizes.count != request->times.count)
        return td_reader_reject(
            reader, "times", SIZE_MAX,
            "holds %zu, but \"sizes\" holds %zu: one time a "
            "size and invocation",
            request->times.count, request->sizes.count);
    return 0;
}

int td_query_check(struct td_reader *reader, struct td_query *request)
{
    int rc = find_kind(reader, request);
    if (!rc)
        rc = check_fields(reader, request);
    if (rc)
        return rc;
    switch (request->kind) {
    case TD_QUERY_COMPARISON:
        return check_comparison(reader, request);
    case TD_QUERY_SERIES:
        return check_series(reader, request);
    case TD_QUERY_QUANTILES:
        return check_quantiles(reader, request);
    case TD_QUERY_GROWTH:
        return check_growth(reader, request);
    case TD_QUERY_CASES:
        break;
    }
    return 0;
}
