. "$ROOT/test/cli/lib.sh"
complain help rnu
complain help run show
complain --verison
complain list nul
complain list --workload x
complain runtimes now
complain runtimes --format jsn
complain show one two
complain show --formt json
complain doctor primes
complain selftest now
complain selftest --generator G6
complain selftest --pairs 1
complain selftest --reps 0
complain selftest --shift 2
complain selftest --shift 2percent
complain selftest --shift ""
complain tune now
complain origin --port 70000
complain origin --host 192.0.2.1
