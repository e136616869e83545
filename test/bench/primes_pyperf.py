"""primes as pyperf measures it: run by against_others.py, in pyperf's own
virtual environment, with the workload's directory on PYTHONPATH."""

import pyperf
from primes import trial

pyperf.Runner().bench_func("primes", trial(20000))
