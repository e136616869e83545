// SPDX-License-Identifier: MIT

// Package tandem makes an ordinary Go benchmark measurable by the tandem
// harness, beside the same workload in other languages.
//
//	func BenchmarkTrial(b *testing.B) {
//		n := tandem.Int(b, "n", 20000)
//		tandem.Run(b, func() int { return countPrimes(n) })
//	}
//
// Started by hand, by "go test -bench .", this is a benchmark like any other:
// the operation runs b.N times, and a parameter comes from the environment
// variable TANDEM_P_n or is the default. Started by the harness, which is
// seen by TANDEM_CONTROL in the environment, the benchmark's single call
// serves the harness: it takes the parameters from it, and on request performs
// a batch of operations, storing the clock readings around each in memory that
// the harness shares. Nothing else happens between the two readings.
//
// The answer of every operation is compared with the first one's, outside the
// timed interval. Everything that happens in the benchmark before Run is
// set-up and is not timed.
package tandem
