/*
 * growth - how a time grows with the size of the problem, over a sweep of
 * sizes.  Which of the models holds is a matter of the measured range only;
 * the exponent needs no model.  Pure functions.
 */
#ifndef TD_STAT_GROWTH_H
#define TD_STAT_GROWTH_H

#include "stat/interval.h"

enum td_growth_model {
    TD_GROWTH_1,
    TD_GROWTH_LOG,
    TD_GROWTH_N,
    TD_GROWTH_N_LOG,
    TD_GROWTH_N_SQRT,
    TD_GROWTH_N2,
    TD_GROWTH_N3,
    TD_GROWTH_MODELS
};
/* "1", "lg n", "n", "n lg n", "n√n", "n²", "n³". */
const char *td_growth_name(enum td_growth_model model);

struct td_growth_fit {
    enum td_growth_model model;
    /* t = a + c f(n), both >= 0, c = 0 for TD_GROWTH_1.  t intervals, given
     * the model; unbounded where the coefficient is held at 0. */
    struct td_figure a, c;
    double bic;   /* n ln(mean square) + k ln n (Schwarz 1978), k = 2, or 1 for
                     TD_GROWTH_1 */
    double error; /* root mean square of the relative residuals */
};

struct td_growth {
    struct td_figure exponent;    /* log-log slope over the sizes' geometric
                                     means, t interval */
    struct td_figure last_octave; /* slope over the largest factor of two; of
                                     the last two sizes if they lie further
                                     apart; t interval over the observations
                                     there, of which it takes three */
    struct td_growth_fit fits[TD_GROWTH_MODELS]; /* best first */
    size_t plausible; /* fits within 6 of the best BIC */
    bool enough;      /* >= 9 sizes over >= 2 decades */
};

/* size[i] > 0 and time[i] > 0: one pair a size and invocation (sizes repeat).
 * Relative fit: weights 1 / t^2. -1 when fewer than 3 distinct sizes, or one
 * that is not positive. */
int td_growth_fit(const double *size, const double *time, size_t n,
                  double confidence, struct td_growth *out);

/*
 * Where two runtimes' times cross: the first two sizes whose intervals lie on
 * either side of 1; between them only sizes whose intervals hold 1.
 * ratios[i] belongs to size[i], ascending.  False: no crossing that intervals
 * bracket.
 */
bool td_crossover(const double *size, const struct td_figure *ratios, size_t n,
                  double *below, double *above);

#endif
