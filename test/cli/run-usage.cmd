# Every wrong word has its complaint, with the nearest right one.
. "$ROOT/test/cli/lib.sh"
complain run nul
complain run null --runtime null-1,nul-2
complain run null --runtime null-0
complain run null --runtime null-1 --impl constnt
complain run null --param latencyns=3
complain run null --param latency_ns
complain run null --param latency_ns=1 --param latency_ns=2
complain run null --suite quik
complain run null --pair 3
complain run null --pairs 0
complain run null --pairs abc
complain run null --pairs
complain run null --turn 5parsec
complain run null --turn ''
complain run null --time-budget -3s
complain run null --seed 1e3
complain run null --seed 18446744073709551616
complain run null --count 65533
complain run null --cpus 1-
complain run null --format jsn
complain run null --quick=perhaps
complain run null --workloads /no/such/place
complain run --resume last
complain run --resume last --pairs 3
complain run -q
complain run complete --runtime null-1
