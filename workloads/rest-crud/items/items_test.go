package items

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
)

func open(t *testing.T, path string) Store {
	t.Helper()
	t.Setenv("TANDEM_P_path", path)
	t.Setenv("TANDEM_P_rows", "3")
	store, err := Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestSQLiteKeepsWhatWasStored(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "a b.db")
	store := open(t, path)
	made, err := store.Create(ctx, Fields{Name: "n", PriceCents: 7})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Item{ID: 4, Fields: Fields{Name: "n", PriceCents: 7}, Revision: 1}); made != want {
		t.Errorf("created %+v, want %+v", made, want)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	found, err := open(t, path).List(ctx, Page{Limit: 2, Offset: 2})
	if err != nil {
		t.Fatal(err)
	}
	third := Item{3, Fields{"Item 3", "Description of item 3", 103, false}, 1}
	want := List{[]Item{third, made}, Page{2, 2}}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("found %+v, want %+v", found, want)
	}
}

func TestSQLiteHasNoSuchItem(t *testing.T) {
	ctx, store := context.Background(), open(t, filepath.Join(t.TempDir(), "items.db"))
	_, got := store.Get(ctx, 4)
	_, updated := store.Update(ctx, 4, Fields{Name: "n", PriceCents: 1})
	for _, err := range []error{got, updated, store.Delete(ctx, 4)} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("got %v, want %v", err, ErrNotFound)
		}
	}
}

func TestOpenFails(t *testing.T) {
	for name, value := range map[string]string{
		"database": "paper", "pool": "x", "rows": "-1", "path": "/no/such/directory/items.db",
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TANDEM_P_path", filepath.Join(t.TempDir(), "items.db"))
			t.Setenv("TANDEM_P_"+name, value)
			if store, err := Open(context.Background()); err == nil {
				store.Close()
				t.Errorf("%s=%s was taken", name, value)
			}
		})
	}
}
