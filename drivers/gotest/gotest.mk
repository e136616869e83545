BENCH_OVERHEAD += scripts/bench-go
