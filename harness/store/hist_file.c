#include "store/hist_file.h"

#include "stat/hist_codec.h"
#include "store/append.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* HdrHistogram_c reads header lines into 128 bytes. */
enum { HEADER_LINE_LEN = 126, TICKS_PER_HALF = 5 };

/* One line, whatever the text: control characters become spaces. */
static void add_comment(struct td_buf *out, const char *text)
{
    size_t room = HEADER_LINE_LEN - 3; /* "#[" and "]" */
    td_buf_adds(out, "#[");
    for (; *text && room; text++, room--)
        td_buf_addc(out, (unsigned char)*text < ' ' ? ' ' : *text);
    td_buf_adds(out, "]\n");
}

void td_hlog_header(struct td_buf *out, const char *comment, double wall_s)
{
    time_t second = (time_t)wall_s;
    struct tm utc;
    char date[64];
    gmtime_r(&second, &utc);
    strftime(date, sizeof date, "%a %b %d %H:%M:%S UTC %Y", &utc);
    if (comment)
        add_comment(out, comment);
    td_buf_addf(out,
                "#[Histogram log format version 1.3]\n"
                "#[StartTime: %.3f (seconds since epoch), %s]\n"
                "#[BaseTime: %.3f (seconds since epoch)]\n"
                "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                "\"Interval_Compressed_Histogram\"\n",
                wall_s, date, wall_s);
}

int td_hlog_interval(struct td_buf *out, double start_s, double length_s,
                     const struct td_hist *hist, struct td_err *err)
{
    td_buf_addf(out, "%.3f,%.3f,%.3f,", start_s, length_s,
                (double)td_hist_max(hist) / 1e6);
    if (td_hist_encode_base64(hist, out, err))
        return err->code;
    td_buf_addc(out, '\n');
    return 0;
}

static void add_row(struct td_buf *out, const struct td_hist *hist,
                    double value, double level, int64_t seen)
{
    td_buf_addf(out, "%12.*f %2.12f %10lld", hist->digits, value, level / 100,
                (long long)seen);
    if (level < 100)
        td_buf_addf(out, " %14.2f", 1 / (1 - level / 100));
    td_buf_addc(out, '\n');
}

/* The next level to report: a fifth of what remains to the next halving of
 * the distance to 100 (Java reference, PercentileIterator). */
static double level_after(double level)
{
    double halvings = floor(log2(100 / (100 - level))) + 1;
    double next = level + 100 / (TICKS_PER_HALF * exp2(halvings));
    /* A step too small for a double would stand still for ever. */
    return next > level ? next : 100;
}

static void add_rows(struct td_buf *out, const struct td_hist *hist,
                     double scale)
{
    double level = 0, total = (double)hist->total, value = 0;
    int64_t seen = 0;
    for (int32_t i = 0; seen < hist->total; i++) {
        if (!hist->counts[i])
            continue;
        seen += hist->counts[i];
        value = (double)td_hist_high(hist, i) / scale;
        while (level < 100 && 100 * (double)seen / total >= level) {
            add_row(out, hist, value, level, seen);
            level = level_after(level);
            if (seen == hist->total)
                break;
        }
    }
    if (hist->total)
        add_row(out, hist, value, 100, seen);
}

void td_hgrm(struct td_buf *out, const struct td_hist *hist, double scale)
{
    int digits = hist->digits;
    td_buf_addf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile",
                "TotalCount", "1/(1-Percentile)");
    add_rows(out, hist, scale);
    td_buf_addf(out, "#[Mean    = %12.*f, StdDeviation   = %12.*f]\n", digits,
                td_hist_mean(hist) / scale, digits,
                td_hist_stddev(hist) / scale);
    td_buf_addf(out, "#[Max     = %12.*f, Total count    = %12lld]\n", digits,
                (double)td_hist_max(hist) / scale, (long long)hist->total);
    td_buf_addf(out, "#[Buckets = %12d, SubBuckets     = %12lld]\n",
                td_hist_buckets(hist), (long long)hist->sub_count);
}

/* The base64 after three numbers; NULL when the line is no interval. */
static char *encoded_part(char *line)
{
    for (int i = 0; i < 3; i++) {
        char *end;
        double number = strtod(line, &end);
        if (end == line || *end != ',' || !isfinite(number) || number < 0)
            return NULL;
        line = end + 1;
    }
    return line;
}

/* Makes sum's range and precision hold all that `more` can hold. */
static int widen(struct td_hist *sum, const struct td_hist *more,
                 struct td_err *err)
{
    struct td_hist wide;
    int rc;
    if (sum->lowest <= more->lowest && sum->highest >= more->highest &&
        sum->digits >= more->digits)
        return 0;
    rc = td_hist_init(
        &wide, sum->lowest < more->lowest ? sum->lowest : more->lowest,
        sum->highest > more->highest ? sum->highest : more->highest,
        sum->digits > more->digits ? sum->digits : more->digits, err);
    if (rc)
        return rc;
    td_hist_add(&wide, sum);
    td_hist_release(sum);
    *sum = wide;
    return 0;
}

static int add_interval(const char *encoded, struct td_hist *sum,
                        size_t *intervals, struct td_err *err)
{
    struct td_hist one;
    int rc = td_hist_decode_base64(encoded, &one, err);
    if (rc)
        return rc;
    if ((*intervals)++ == 0) {
        td_hist_release(sum);
        *sum = one;
        return 0;
    }
    rc = widen(sum, &one, err);
    if (!rc)
        td_hist_add(sum, &one);
    td_hist_release(&one);
    return rc;
}

static bool is_passed_over(const char *line)
{
    return *line == '#' || *line == '"' || *line == '\0' ||
           strncmp(line, "Tag=", 4) == 0;
}

static int read_line(char *line, struct td_hist *sum, size_t *intervals,
                     struct td_err *err)
{
    char *encoded;
    line[strcspn(line, "\r\n")] = '\0';
    if (is_passed_over(line))
        return 0;
    encoded = encoded_part(line);
    if (!encoded)
        return td_err_set(err, TD_EINPUT,
                          "expected start,length,max,histogram");
    return add_interval(encoded, sum, intervals, err);
}

int td_hlog_read(const char *path, struct td_hist *sum, size_t *intervals,
                 struct td_err *err)
{
    FILE *in = fopen(path, "re");
    char *line = NULL;
    size_t cap = 0, number = 0;
    int rc = 0;
    *intervals = 0;
    td_hist_init_default(sum);
    if (!in) {
        rc = td_store_fail(err, -errno, "open", path);
        goto out;
    }
    while (!rc && getline(&line, &cap, in) >= 0) {
        number++;
        rc = read_line(line, sum, intervals, err);
    }
    if (rc)
        td_err_prefix(err, "%s:%zu", path, number);
    else if (ferror(in))
        rc = td_store_fail(err, -EIO, "read", path);
    fclose(in);
out:
    free(line);
    if (rc)
        td_hist_release(sum);
    return rc;
}
