module tandem

go 1.22
