#include "load/slo.h"

#include "base/fields.h"
#include "base/opt.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXAMPLE "\"p99.9<100ms,errors<0.1%%\""

/* Answered of what was offered, below which nothing else matters. */
static const double least_answered = .99;

/* [*begin, *end) without the blanks around it. */
static void trim(const char **begin, const char **end)
{
    while (*begin < *end && isspace((unsigned char)**begin))
        ++*begin;
    while (*begin < *end && isspace((unsigned char)(*end)[-1]))
        --*end;
}

static char *trimmed(const char *begin, const char *end)
{
    trim(&begin, &end);
    return td_xstrndup(begin, (size_t)(end - begin));
}

/* "99.9": digits with at most one point, within (0, 100). */
static bool read_percentile(const char *text, double *out)
{
    size_t len = strspn(text, "0123456789.");
    char *end;
    if (len == 0 || len > 16 || text[len])
        return false;
    *out = strtod(text, &end);
    return !*end && *out > 0 && *out < 100;
}

static int unknown_name(const char *name, struct td_err *err)
{
    struct td_strings names = TD_STRINGS_INIT;
    const char *near;
    td_strings_split(&names, "errors max mean p50 p90 p95 p99 p99.9", " ");
    near = td_strings_nearest(&names, name);
    td_err_set(err, TD_EUSAGE,
               "objective: nothing is called \"%s\"%s%s%s; there are p50, "
               "p99.9 and the like, mean, max and errors",
               name, near ? " (did you mean \"" : "", near ? near : "",
               near ? "\"?)" : "");
    td_strings_release(&names);
    return err->code;
}

static int read_name(const char *name, struct td_slo_condition *out,
                     struct td_err *err)
{
    bool quantile = name[0] == 'p' && strchr("0123456789.", name[1]) && name[1];
    *out = (struct td_slo_condition){TD_SLO_QUANTILE, 0, 0};
    if (strcmp(name, "errors") == 0)
        out->kind = TD_SLO_ERRORS;
    else if (strcmp(name, "max") == 0)
        out->kind = TD_SLO_MAX;
    else if (strcmp(name, "mean") == 0)
        out->kind = TD_SLO_MEAN;
    else if (!quantile)
        return unknown_name(name, err);
    else if (!read_percentile(name + 1, &out->percentile))
        return td_err_set(err, TD_EUSAGE,
                          "objective: \"%s\" is no percentile: one lies "
                          "between p0 and p100, such as p99.9",
                          name);
    return 0;
}

static int read_errors(const char *text, double *limit, struct td_err *err)
{
    struct td_err unused = TD_ERR_INIT;
    if (td_parse_percent(text, limit, &unused) < 0)
        return td_err_set(err, TD_EUSAGE,
                          "objective: errors need a percentage such as "
                          "errors<0.1%%, found \"%s\"",
                          text);
    if (*limit <= 0 || *limit > 1)
        return td_err_set(err, TD_EUSAGE,
                          "objective: errors<%s %s; say a share above 0%% and "
                          "up to 100%%",
                          text, *limit > 1 ? "holds always" : "can never hold");
    return 0;
}

static int read_latency(const char *name, const char *text, double *limit,
                        struct td_err *err)
{
    struct td_err unused = TD_ERR_INIT;
    uint64_t ns;
    size_t len = strlen(text);
    bool bare = len && strchr("0123456789.", text[len - 1]);
    if (bare || td_parse_duration_ns(text, &ns, &unused) < 0)
        return td_err_set(err, TD_EUSAGE,
                          "objective: %s needs a time with its unit (ns, us, "
                          "ms, s), such as %s<100ms, found \"%s\"",
                          name, name, text);
    if (ns == 0)
        return td_err_set(err, TD_EUSAGE, "objective: %s<%s can never hold",
                          name, text);
    *limit = (double)ns;
    return 0;
}

static int read_condition(const char *begin, const char *end,
                          struct td_slo_condition *out, struct td_err *err)
{
    const char *less = memchr(begin, '<', (size_t)(end - begin));
    char *name = trimmed(begin, less ? less : end);
    char *limit = trimmed(less ? less + 1 : end, end);
    int r;
    if (!less)
        r = td_err_set(err, TD_EUSAGE,
                       "objective: \"%s\" is no condition; one looks like "
                       "p99.9<100ms",
                       name);
    else if ((r = read_name(name, out, err)) == 0)
        r = out->kind == TD_SLO_ERRORS
                ? read_errors(limit, &out->limit, err)
                : read_latency(name, limit, &out->limit, err);
    free(limit);
    free(name);
    return r;
}

static bool is_same(const struct td_slo_condition *a,
                    const struct td_slo_condition *b)
{
    return a->kind == b->kind && !(a->percentile < b->percentile) &&
           !(a->percentile > b->percentile);
}

static int add(struct td_slo *slo, const struct td_slo_condition *condition,
               struct td_err *err)
{
    for (size_t i = 0; i < slo->count; i++)
        if (is_same(&slo->at[i], condition))
            return td_err_set(err, TD_EUSAGE,
                              "objective: two conditions of the same figure; "
                              "keep the stricter one");
    if (slo->count == TD_SLO_CONDITIONS)
        return td_err_set(err, TD_EUSAGE, "objective: more than %d conditions",
                          TD_SLO_CONDITIONS);
    slo->at[slo->count++] = *condition;
    return 0;
}

int td_slo_parse(struct td_slo *out, const char *text, struct td_err *err)
{
    const char *p = text;
    *out = (struct td_slo){.count = 0};
    if (!text[strspn(text, " \t\n")])
        return td_err_set(
            err, TD_EUSAGE,
            "objective: empty; say what must hold, as in " EXAMPLE "%s", "");
    for (;;) {
        const char *end = p + strcspn(p, ",");
        struct td_slo_condition condition;
        int r = read_condition(p, end, &condition, err);
        if (r == 0)
            r = add(out, &condition, err);
        if (r < 0 || !*end)
            return r;
        p = end + 1;
    }
}

/* "140 ms", in the unit that suits. */
static void write_time(char *out, size_t size, const char *name, double ns)
{
    static const struct {
        const char *unit;
        double scale;
    } units[] = {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
    size_t i = 0;
    while (i < 3 && ns < units[i].scale)
        i++;
    snprintf(out, size, "%s %.3g %s", name, ns / units[i].scale, units[i].unit);
}

static double intended(const struct td_load_result *result)
{
    return (double)result->answered + (double)td_load_failed(result) +
           (double)result->censored;
}

static bool holds(const struct td_slo_condition *condition,
                  const struct td_load_result *result, char *why, size_t size)
{
    const struct td_hist *latency = &result->latency;
    double got = 0, all = intended(result);
    char name[32] = "max";
    switch (condition->kind) {
    case TD_SLO_QUANTILE:
        got = (double)td_hist_percentile(latency, condition->percentile);
        snprintf(name, sizeof name, "p%g", condition->percentile);
        break;
    case TD_SLO_MAX:
        got = (double)td_hist_max(latency);
        break;
    case TD_SLO_MEAN:
        got = td_hist_mean(latency);
        snprintf(name, sizeof name, "mean");
        break;
    case TD_SLO_ERRORS:
        got = all > 0 ? 1 - (double)result->answered / all : 1;
        snprintf(why, size, "errors %.3g %%", got * 100);
        break;
    }
    if (got < condition->limit)
        return true;
    if (condition->kind != TD_SLO_ERRORS)
        write_time(why, size, name, got);
    return false;
}

/* Did the service answer what it was asked? */
static bool keeps_up(const struct td_load_result *result, char *why,
                     size_t size)
{
    double seconds = result->measured_s, all = intended(result);
    double offered = seconds > 0 ? all / seconds : 0;
    double asked = result->requested_rate;
    if (result->answered == 0) {
        snprintf(why, size, "nothing was answered");
        return false;
    }
    if (offered < asked)
        asked = offered;
    if (result->achieved_rate >= least_answered * asked)
        return true;
    snprintf(why, size, "%.4g of %.4g requests a second answered",
             result->achieved_rate, asked);
    return false;
}

static enum td_trial_outcome judge(const struct td_slo *slo,
                                   const struct td_load_result *result,
                                   char *why, size_t why_size)
{
    for (size_t i = 0; i < slo->count; i++)
        if (!holds(&slo->at[i], result, why, why_size))
            return TD_TRIAL_BROKE;
    if (!keeps_up(result, why, why_size))
        return TD_TRIAL_BROKE;
    snprintf(why, why_size, "%s", "");
    return TD_TRIAL_HELD;
}

enum td_trial_outcome td_slo_judge(const struct td_slo *slo,
                                   const struct td_load_result *result,
                                   char *why, size_t why_size)
{
    enum td_trial_outcome outcome = TD_TRIAL_INVALID;
    if (!result->stopped)
        outcome = judge(slo, result, why, why_size);
    if (result->stopped || (outcome == TD_TRIAL_BROKE && !result->valid)) {
        snprintf(why, why_size, "%s",
                 result->stopped ? "stopped" : result->invalid_reason);
        return TD_TRIAL_INVALID;
    }
    return outcome;
}
