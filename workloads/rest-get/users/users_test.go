package users

import (
	"encoding/json"
	"testing"
)

func TestTable(t *testing.T) {
	table := Table(30)
	if len(table) != 30 {
		t.Errorf("%d users, want 30", len(table))
	}
	if _, ok := table[0]; ok {
		t.Error("there is a user 0")
	}
	got, err := json.Marshal(table[30])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":30,"name":"User 30","email":"user30@example.com",` +
		`"created":"2024-01-02T06:00:00Z","active":false}`
	if string(got) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
