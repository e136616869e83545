// Package items is what the servers of rest-crud store, and where.
package items

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"tandem/workloads/internal/service"
)

// ErrNotFound means that there is no item of that id.
var ErrNotFound = errors.New("no such item")

// Fields are what a client sets.
type Fields struct {
	Name        string `json:"name" binding:"required,max=100"`
	Description string `json:"description" binding:"max=1000"`
	PriceCents  int64  `json:"price_cents" binding:"required,min=1,max=1000000000"`
	Available   bool   `json:"available"`
}

// Item is a row, and its JSON. The revision counts from 1 how often the
// fields were set.
type Item struct {
	ID int64 `json:"id"`
	Fields
	Revision int64 `json:"revision"`
}

// Page says which items a list holds, in the order of their ids.
type Page struct {
	Limit  int64 `json:"limit" form:"limit,default=20" binding:"min=1,max=100"`
	Offset int64 `json:"offset" form:"offset" binding:"min=0"`
}

// List is one page of items.
type List struct {
	Items []Item `json:"items"`
	Page
}

// Store keeps items. Get, Update and Delete return ErrNotFound.
type Store interface {
	Create(ctx context.Context, fields Fields) (Item, error)
	Get(ctx context.Context, id int64) (Item, error)
	Update(ctx context.Context, id int64, fields Fields) (Item, error)
	Delete(ctx context.Context, id int64) error
	List(ctx context.Context, page Page) (List, error)
	Close() error
}

// Open opens the database that the workload's parameters name, and fills it
// with rows when it is empty.
func Open(ctx context.Context) (Store, error) {
	connections, err := service.Int("pool", 8)
	if err != nil {
		return nil, err
	}
	rows, err := service.Int("rows", 1000)
	if err != nil {
		return nil, err
	}
	switch database := service.String("database", "sqlite"); database {
	case "sqlite":
		return openSQLite(ctx, service.String("path", "items.db"), connections, rows)
	case "postgresql":
		return openPostgres(ctx, service.String("dsn", "postgresql:///postgres"),
			service.String("schema", "public"), connections, rows)
	default:
		return nil, fmt.Errorf("TANDEM_P_database: %q is neither sqlite nor postgresql", database)
	}
}

// columns are those of a select list, in the order that scan expects.
const columns = "id, name, description, price_cents, available, revision"

// seed fills an empty table; either database understands it.
const seed = `
	INSERT INTO items (name, description, price_cents, available)
	WITH RECURSIVE numbers (n) AS (
		SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %[1]d
	)
	SELECT 'Item ' || n, 'Description of item ' || n, 100 + n, n %% 3 <> 0
	FROM numbers WHERE n <= %[1]d AND NOT EXISTS (SELECT 1 FROM items)`

// row is what database/sql and pgx have in common.
type row interface {
	Scan(to ...any) error
}

func scan(r row) (item Item, err error) {
	err = r.Scan(&item.ID, &item.Name, &item.Description, &item.PriceCents,
		&item.Available, &item.Revision)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	return item, err
}

// rows is what their results have in common.
type rows interface {
	row
	Next() bool
	Err() error
}

func scanPage(r rows, page Page) (List, error) {
	list := List{Items: make([]Item, 0, page.Limit), Page: page}
	for r.Next() {
		item, err := scan(r)
		if err != nil {
			return List{}, err
		}
		list.Items = append(list.Items, item)
	}
	return list, r.Err()
}
