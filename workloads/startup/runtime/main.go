// Runtime starts Go's runtime, and ends.
package main

func main() {}
