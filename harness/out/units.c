#include "out/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct scale {
    double divisor;
    const char *unit;
};

static const struct scale times[] = {
    {1e9, " s"}, {1e6, " ms"}, {1e3, " µs"}, {1, " ns"}, {0, NULL}};
static const struct scale sizes[] = {
    {1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}, {1, " B"}, {0, NULL}};
static const struct scale plain[] = {{1, ""}, {0, NULL}};

/* The largest unit of which the value, rounded, has at least one. */
static struct scale scale_of(double value, enum td_unit unit)
{
    const struct scale *at = plain;
    if (unit == TD_UNIT_TIME)
        at = times;
    else if (unit == TD_UNIT_BYTES)
        at = sizes;
    while (fabs(value) < .9995 * at->divisor && at[1].unit)
        at++;
    return *at;
}

/* Decimals that leave so many significant digits of the rounded value. */
static int decimals_of(double value, int significant)
{
    double rounded = fabs(value) * (1 + .5 * pow(10, -significant));
    int whole = value == 0 ? 0 : (int)floor(log10(rounded)) + 1;
    int decimals = significant - whole;
    if (decimals < 0)
        return 0;
    return decimals > 6 ? 6 : decimals;
}

/* Three digits, or four where the interval's width would else show less than
 * two. */
static int decimals_for(struct td_figure f, double divisor)
{
    double width = (f.upper - f.lower) / divisor;
    int decimals = decimals_of(f.value / divisor, 3);
    bool narrow = f.bounded && width * pow(10, decimals) < 10;
    return narrow ? decimals_of(f.value / divisor, 4) : decimals;
}

static void print(struct td_figure f, struct scale scale, const char *between,
                  struct td_buf *value, struct td_buf *interval)
{
    int decimals;
    if (!f.known) {
        td_buf_adds(value, TD_DASH);
        td_buf_adds(interval, TD_DASH);
        return;
    }
    decimals = decimals_for(f, scale.divisor);
    td_buf_addf(value, "%.*f%s", decimals, f.value / scale.divisor, scale.unit);
    if (f.bounded)
        td_buf_addf(interval, "%.*f%s%.*f", decimals, f.lower / scale.divisor,
                    between, decimals, f.upper / scale.divisor);
    else
        td_buf_adds(interval, TD_DASH);
}

void td_figure_print(struct td_figure figure, enum td_unit unit,
                     struct td_buf *value, struct td_buf *interval)
{
    print(figure, scale_of(figure.value, unit), "–", value, interval);
}

void td_figure_say(struct td_figure figure, struct td_buf *value,
                   struct td_buf *interval)
{
    print(figure, plain[0], " to ", value, interval);
}

void td_seconds_print(double seconds, struct td_buf *out)
{
    long whole = lround(seconds);
    if (whole >= 3600)
        td_buf_addf(out, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    else if (whole >= 60)
        td_buf_addf(out, "%ld min %ld s", whole / 60, whole % 60);
    else
        td_buf_addf(out, "%ld s", whole);
}

void td_count_print(uint64_t count, struct td_buf *out)
{
    char digits[24];
    size_t n = (size_t)snprintf(digits, sizeof digits, "%llu",
                                (unsigned long long)count);
    for (size_t i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            td_buf_addc(out, ',');
        td_buf_addc(out, digits[i]);
    }
}
