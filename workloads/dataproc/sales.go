package dataproc

var regions = []string{
	"africa-north",
	"africa-south",
	"america-central",
	"america-north",
	"america-south",
	"asia-central",
	"asia-east",
	"asia-south",
	"asia-west",
	"europe-east",
	"europe-west",
	"oceania",
}

const (
	productCount = 1000
	categories   = 25
	customers    = 20000
	step         = 7368787 // a prime: multiples of it visit every second once
)

// Sale is one record.
type Sale struct {
	ID       int
	Second   int
	Region   string
	Product  int
	Customer int
	Quantity int
	Cents    int
}

// Product is what is joined to a sale.
type Product struct {
	Category int
	Cost     int
}

// splitMix64 is Steele, Lea, Flood: Fast splittable pseudorandom number
// generators.
type splitMix64 uint64

func (s *splitMix64) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	mixed := uint64(*s)
	mixed = (mixed ^ mixed>>30) * 0xbf58476d1ce4e5b9
	mixed = (mixed ^ mixed>>27) * 0x94d049bb133111eb
	return mixed ^ mixed>>31
}

// MakeSales makes that many sales from a seed.
func MakeSales(records int, seed uint64) []Sale {
	words := splitMix64(seed)
	sales := make([]Sale, records)
	for i := range sales {
		word := words.next()
		sales[i] = Sale{
			ID:       i,
			Second:   i * step % records,
			Region:   regions[word%uint64(len(regions))],
			Product:  int(word >> 8 % productCount),
			Customer: int(word >> 20 % customers),
			Quantity: int(1 + word>>40%9),
			Cents:    int(100 + word>>48%9900),
		}
	}
	return sales
}

// MakeProducts makes the small table.
func MakeProducts() map[int]Product {
	products := make(map[int]Product, productCount)
	for i := range productCount {
		products[i] = Product{i % categories, 50 + i*37%2000}
	}
	return products
}
