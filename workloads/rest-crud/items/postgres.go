package items

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Several processes may start at the same time; the lock lets one of them
// make the table.
const schemaPostgres = `
	BEGIN;
	SELECT pg_advisory_xact_lock(1);
	CREATE SCHEMA IF NOT EXISTS %[2]s;
	CREATE TABLE IF NOT EXISTS items (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		name text NOT NULL,
		description text NOT NULL,
		price_cents bigint NOT NULL,
		available boolean NOT NULL,
		revision bigint NOT NULL DEFAULT 1
	);
	` + seed + `;
	COMMIT`

// postgres is a pool; pgx prepares each statement once a connection.
type postgres struct {
	pool *pgxpool.Pool
}

func openPostgres(ctx context.Context, dsn, schema string, connections, rows int) (Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	schema = pgx.Identifier{schema}.Sanitize()
	config.ConnConfig.RuntimeParams["search_path"] = schema
	config.MinConns, config.MaxConns = int32(connections), int32(connections)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	p := &postgres{pool}
	if err := p.fill(ctx, schema, rows); err != nil {
		pool.Close()
		return nil, err
	}
	return p, nil
}

// fill sends its statements as one script, which pgx's Exec does not take.
func (p *postgres) fill(ctx context.Context, schema string, rows int) error {
	connection, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer connection.Release()
	script := connection.Conn().PgConn().Exec(ctx, fmt.Sprintf(schemaPostgres, rows, schema))
	return script.Close()
}

func (p *postgres) Create(ctx context.Context, f Fields) (Item, error) {
	return scan(p.pool.QueryRow(ctx, `
		INSERT INTO items (name, description, price_cents, available)
		VALUES ($1, $2, $3, $4) RETURNING `+columns,
		f.Name, f.Description, f.PriceCents, f.Available))
}

func (p *postgres) Get(ctx context.Context, id int64) (Item, error) {
	return scan(p.pool.QueryRow(ctx, "SELECT "+columns+" FROM items WHERE id = $1", id))
}

func (p *postgres) Update(ctx context.Context, id int64, f Fields) (Item, error) {
	return scan(p.pool.QueryRow(ctx, `
		UPDATE items SET name = $1, description = $2, price_cents = $3,
		available = $4, revision = revision + 1
		WHERE id = $5 RETURNING `+columns,
		f.Name, f.Description, f.PriceCents, f.Available, id))
}

func (p *postgres) Delete(ctx context.Context, id int64) error {
	tag, err := p.pool.Exec(ctx, "DELETE FROM items WHERE id = $1", id)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrNotFound
	}
	return err
}

func (p *postgres) List(ctx context.Context, page Page) (List, error) {
	found, err := p.pool.Query(ctx,
		"SELECT "+columns+" FROM items ORDER BY id LIMIT $1 OFFSET $2", page.Limit, page.Offset)
	if err != nil {
		return List{}, err
	}
	defer found.Close()
	return scanPage(found, page)
}

func (p *postgres) Close() error {
	p.pool.Close()
	return nil
}
