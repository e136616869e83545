package items

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	_ "github.com/mattn/go-sqlite3" // registers the driver
)

const schemaSQLite = `
	CREATE TABLE IF NOT EXISTS items (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		name TEXT NOT NULL,
		description TEXT NOT NULL,
		price_cents INTEGER NOT NULL,
		available BOOLEAN NOT NULL,
		revision INTEGER NOT NULL DEFAULT 1
	)`

// sqlite has one connection that writes, since SQLite has one writer, and
// several that read meanwhile.
type sqlite struct {
	writer, readers                   *sql.DB
	insert, get, update, remove, list *sql.Stmt
}

func openSQLite(ctx context.Context, path string, connections, rows int) (Store, error) {
	s := &sqlite{}
	if err := s.open(ctx, path, connections, rows); err != nil {
		s.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

func (s *sqlite) open(ctx context.Context, path string, connections, rows int) (err error) {
	if s.writer, err = openPool(path, 1); err != nil {
		return err
	}
	if err = s.fill(ctx, rows); err != nil {
		return err
	}
	if s.readers, err = openPool(path, connections); err != nil {
		return err
	}
	return s.prepare(ctx)
}

func openPool(path string, connections int) (*sql.DB, error) {
	name := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	name.RawQuery = "_journal_mode=WAL&_synchronous=NORMAL&_busy_timeout=5000&_txlock=immediate"
	db, err := sql.Open("sqlite3", name.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

func (s *sqlite) fill(ctx context.Context, rows int) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, schemaSQLite); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf(seed, rows)); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *sqlite) prepare(ctx context.Context) error {
	for _, statement := range []struct {
		to   **sql.Stmt
		db   *sql.DB
		text string
	}{
		{&s.insert, s.writer, `
			INSERT INTO items (name, description, price_cents, available)
			VALUES (?, ?, ?, ?) RETURNING ` + columns},
		{&s.update, s.writer, `
			UPDATE items SET name = ?, description = ?, price_cents = ?,
			available = ?, revision = revision + 1
			WHERE id = ? RETURNING ` + columns},
		{&s.remove, s.writer, "DELETE FROM items WHERE id = ?"},
		{&s.get, s.readers, "SELECT " + columns + " FROM items WHERE id = ?"},
		{&s.list, s.readers, "SELECT " + columns + " FROM items ORDER BY id LIMIT ? OFFSET ?"},
	} {
		prepared, err := statement.db.PrepareContext(ctx, statement.text)
		if err != nil {
			return err
		}
		*statement.to = prepared
	}
	return nil
}

func (s *sqlite) Create(ctx context.Context, f Fields) (Item, error) {
	return scan(s.insert.QueryRowContext(ctx, f.Name, f.Description, f.PriceCents, f.Available))
}

func (s *sqlite) Get(ctx context.Context, id int64) (Item, error) {
	return scan(s.get.QueryRowContext(ctx, id))
}

func (s *sqlite) Update(ctx context.Context, id int64, f Fields) (Item, error) {
	return scan(s.update.QueryRowContext(ctx, f.Name, f.Description, f.PriceCents, f.Available, id))
}

func (s *sqlite) Delete(ctx context.Context, id int64) error {
	result, err := s.remove.ExecContext(ctx, id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

func (s *sqlite) List(ctx context.Context, page Page) (List, error) {
	found, err := s.list.QueryContext(ctx, page.Limit, page.Offset)
	if err != nil {
		return List{}, err
	}
	defer found.Close()
	return scanPage(found, page)
}

// Close ends the readers first: the last connection to close writes the log
// back into the database.
func (s *sqlite) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.readers, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
