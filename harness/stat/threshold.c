#include "stat/threshold.h"

#include "base/buf.h"

#include <math.h>
#include <stdlib.h>

static const double lapse_broke = .025, lapse_held = .01;

enum { SPREADS_MOST = 24, FLAT_SPREADS = 2 };

/* Distance in spreads beyond which nothing but lapses is left: e^-20. */
static const double far = 20;
/* Logarithm below the largest at which a point's weight is nothing. */
static const double nothing = -40;

/* The posterior: thresholds first..first + count - 1 by the model's spreads. */
struct grid {
    const struct td_threshold_model *model;
    int32_t first, count;
    double *weight; /* of each point: logarithm, then probability */
};

static double spread_of(const struct td_threshold_model *model, size_t s)
{
    return ldexp(model->narrowest, (int)s);
}

/*
 * A chance depends on distance / spread alone, so one table of ln P serves
 * all: entry reach + d is for the distance d at the widest spread, and for
 * d / 2 at the next narrower one.  Beyond +-reach the chances are those of
 * the ends.
 */
void td_threshold_model_init(struct td_threshold_model *model,
                             double confidence, double narrowest, double widest,
                             int32_t beyond)
{
    double range = 1 - lapse_broke - lapse_held, last;
    size_t len;
    *model = (struct td_threshold_model){
        .confidence = confidence, .narrowest = narrowest, .beyond = beyond};
    model->spreads = (size_t)lround(fmax(0, log2(widest / narrowest))) + 1;
    if (model->spreads > SPREADS_MOST)
        model->spreads = SPREADS_MOST;
    last = spread_of(model, model->spreads - 1);
    model->reach = llround(far * last);
    len = 2 * (size_t)model->reach + 1;
    model->held = td_xmalloc(len * sizeof *model->held);
    model->broke = td_xmalloc(len * sizeof *model->broke);
    for (size_t i = 0; i < len; i++) {
        double distance = ((double)i - (double)model->reach) / last;
        double p = lapse_held + range / (1 + exp(distance));
        model->held[i] = log(p);
        model->broke[i] = log1p(-p);
    }
}

void td_threshold_model_release(struct td_threshold_model *model)
{
    free(model->held);
    free(model->broke);
    model->held = model->broke = NULL;
}

static size_t points_of(const struct grid *grid)
{
    return grid->model->spreads * (size_t)grid->count;
}

static void grid_init(struct grid *grid, const struct td_threshold_model *model,
                      const struct td_threshold_trial *trials, size_t n)
{
    int32_t low = trials[0].level, high = low;
    for (size_t i = 1; i < n; i++) {
        low = trials[i].level < low ? trials[i].level : low;
        high = trials[i].level > high ? trials[i].level : high;
    }
    grid->model = model;
    grid->first = low - model->beyond;
    grid->count = high - low + 2 * model->beyond + 1;
    grid->weight = td_xcalloc(points_of(grid), sizeof *grid->weight);
}

/* Trials at one level, together. */
struct cell {
    int32_t level;
    double held, broke;
};

static int by_level(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    return (x->level > y->level) - (x->level < y->level);
}

/* Sorts the cells and joins those of one level; returns how many are left. */
static size_t join(struct cell *cells, size_t n)
{
    size_t kept = 0;
    qsort(cells, n, sizeof *cells, by_level);
    for (size_t i = 0; i < n; i++) {
        if (kept && cells[kept - 1].level == cells[i].level) {
            cells[kept - 1].held += cells[i].held;
            cells[kept - 1].broke += cells[i].broke;
        } else {
            cells[kept++] = cells[i];
        }
    }
    return kept;
}

/* The level of trial i of n if the threshold had stayed where it was in the
 * middle of a steady shift; never off the grid. */
static int32_t level_at(const struct grid *grid, int32_t level, double shift,
                        size_t i, size_t n)
{
    double at = n > 1 ? (double)i / (double)(n - 1) - .5 : 0;
    long moved = level - lround(shift * at);
    long last = grid->first + grid->count - 1;
    if (moved < grid->first)
        return grid->first;
    return (int32_t)(moved > last ? last : moved);
}

/* To all of weight[from..to). */
static void add_constant(double *weight, int64_t from, int64_t to, double x)
{
    for (int64_t t = from; t < to; t++)
        weight[t] += x;
}

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

/* Adds the logarithm of the chance of these trials to every point: constants
 * where the table has ended, its entries between. */
static void add_cell(struct grid *grid, const struct cell *cell)
{
    const struct td_threshold_model *model = grid->model;
    int64_t distance = cell->level - grid->first, count = grid->count;
    int64_t reach = model->reach;
    const double *held = model->held + reach, *broke = model->broke + reach;
    double high = cell->held * held[reach] + cell->broke * broke[reach];
    double low = cell->held * held[-reach] + cell->broke * broke[-reach];
    for (size_t s = 0; s < model->spreads; s++) {
        int64_t scale = (int64_t)1 << (model->spreads - 1 - s);
        int64_t from = clamp(distance - reach / scale, 0, count);
        int64_t to = clamp(distance + reach / scale + 1, 0, count);
        double *weight = grid->weight + (int64_t)s * count;
        add_constant(weight, 0, from, high);
        for (int64_t t = from, at = (distance - from) * scale; t < to;
             t++, at -= scale)
            weight[t] += cell->held * held[at] + cell->broke * broke[at];
        add_constant(weight, to, count, low);
    }
}

/* Fills in the posterior; returns the logarithm of its mean likelihood. */
static double fill(struct grid *grid, const struct td_threshold_trial *trials,
                   size_t n, double shift)
{
    size_t points = points_of(grid), kept;
    struct cell *cells = td_xmalloc(n * sizeof *cells);
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < n; i++)
        cells[i] =
            (struct cell){level_at(grid, trials[i].level, shift, i, n),
                          trials[i].held ? 1 : 0, trials[i].held ? 0 : 1};
    kept = join(cells, n);
    for (size_t i = 0; i < points; i++)
        grid->weight[i] = 0;
    for (size_t i = 0; i < kept; i++)
        add_cell(grid, &cells[i]);
    free(cells);
    for (size_t i = 0; i < points; i++)
        most = fmax(most, grid->weight[i]);
    for (size_t i = 0; i < points; i++) {
        double w = grid->weight[i] - most;
        sum += grid->weight[i] = w > nothing ? exp(w) : 0;
    }
    for (size_t i = 0; i < points; i++)
        grid->weight[i] /= sum;
    return most + log(sum / (double)points);
}

/* Of the spread alone. */
static void read_spread(const struct grid *grid, struct td_threshold *out)
{
    for (size_t s = 0; s < grid->model->spreads; s++) {
        double mass = 0;
        for (int32_t t = 0; t < grid->count; t++)
            mass += grid->weight[s * (size_t)grid->count + (size_t)t];
        out->spread += mass * spread_of(grid->model, s);
        if (s + FLAT_SPREADS >= grid->model->spreads)
            out->flat += mass;
    }
}

/* Where the cumulative probability of the threshold reaches p, each grid
 * point standing for the step around it. */
static double level_of(const struct grid *grid, const double *mass, double p)
{
    double sum = 0;
    for (int32_t t = 0; t < grid->count; t++) {
        if (sum + mass[t] >= p && mass[t] > 0)
            return grid->first + t - .5 + (p - sum) / mass[t];
        sum += mass[t];
    }
    return grid->first + grid->count - .5;
}

static void read_threshold(const struct grid *grid, double confidence,
                           struct td_threshold *out)
{
    double *mass = td_xcalloc((size_t)grid->count, sizeof *mass);
    for (size_t s = 0; s < grid->model->spreads; s++)
        for (int32_t t = 0; t < grid->count; t++)
            mass[t] += grid->weight[s * (size_t)grid->count + (size_t)t];
    out->median = level_of(grid, mass, .5);
    out->lower = level_of(grid, mass, (1 - confidence) / 2);
    out->upper = level_of(grid, mass, (1 + confidence) / 2);
    free(mass);
}

void td_threshold_estimate(const struct td_threshold_model *model,
                           const struct td_threshold_trial *trials, size_t n,
                           struct td_threshold *out)
{
    struct grid grid;
    *out = (struct td_threshold){.known = n > 0};
    if (n == 0)
        return;
    grid_init(&grid, model, trials, n);
    fill(&grid, trials, n, 0);
    read_threshold(&grid, model->confidence, out);
    read_spread(&grid, out);
    free(grid.weight);
}

double td_threshold_drift(const struct td_threshold_model *model,
                          const struct td_threshold_trial *trials, size_t n,
                          const double *shifts, size_t nshifts)
{
    struct grid grid;
    double stayed, sum = 0;
    if (n == 0 || nshifts == 0)
        return 1;
    grid_init(&grid, model, trials, n);
    stayed = fill(&grid, trials, n, 0);
    for (size_t i = 0; i < nshifts; i++) {
        sum += exp(fill(&grid, trials, n, shifts[i]) - stayed);
        sum += exp(fill(&grid, trials, n, -shifts[i]) - stayed);
    }
    free(grid.weight);
    return sum / (double)(2 * nshifts);
}
