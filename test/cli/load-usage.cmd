# What does not fit together, and what is wrong in URLs, mixes and requests;
# nothing is sent.
. "$ROOT/test/cli/lib.sh"
U=http://127.0.0.1:9/
complain load
complain load $U
complain load $U --rate 10 http://127.0.0.1:8/
complain load $U --rate 10 --closed
complain load $U --rate 10 --find-max --slo 'p99<5ms'
complain load $U --closed --arrivals poisson
complain load $U --rate 0
complain load $U --rate 10 --slo 'p99<5ms'
complain load $U --rate 10 --out x
complain load $U --find-max
complain load $U --find-max --slo 'p99'
complain load $U --find-max --slo 'p99<5ms' --trials 5
complain load $U --find-max --slo 'p99<5ms' --hlog x
complain load $U --rate 10 --threads 2 --connections 1
complain load $U --rate 10 --busy-poll
complain load $U --rate 10 --cpus 1-
complain load $U --rate 10 --duration 0
complain load $U --rate 10 --arrivals poison
complain load $U --rate 10 --conections 3
complain load https://127.0.0.1/ --rate 10
complain load http://192.0.2.1/ --rate 10
complain load http://example.org/ --rate 10
complain load 127.0.0.1:9 --rate 10
complain load $U --rate 10 --method get
complain load $U --rate 10 --header 'no colon'
complain load $U --rate 10 --body x --body-file y
complain load $U --rate 10 --body-file nofile
complain load $U --rate 10 --expect-body nofile
complain load $U --rate 10 --method HEAD --expect-body x
complain load $U --rate 10 --hlog no/such/dir/x.hlog
complain load ${U}users --rate 10 --requests mix
complain load $U --rate 10 --requests nomix
printf 'GET /a\n2 GTE /b\n' >mix
complain load $U --rate 10 --requests mix
printf '\n# mine\n1 PUT /a expct=201\n' >mix
complain load $U --rate 10 --requests mix
complain load $U --rate 10 --requests mix --method PUT
