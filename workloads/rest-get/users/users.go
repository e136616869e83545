// Package users is the table that the servers of rest-get answer from.
package users

import (
	"fmt"
	"time"
)

// User is a row, and its JSON.
type User struct {
	ID      int64     `json:"id"`
	Name    string    `json:"name"`
	Email   string    `json:"email"`
	Created time.Time `json:"created"`
	Active  bool      `json:"active"`
}

var epoch = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

// Table holds the users 1 to n, the same in every language: each was created
// an hour after the one before, and every third is not active.
func Table(n int) map[int64]User {
	table := make(map[int64]User, n)
	for id := int64(1); id <= int64(n); id++ {
		table[id] = User{
			ID:      id,
			Name:    fmt.Sprintf("User %d", id),
			Email:   fmt.Sprintf("user%d@example.com", id),
			Created: epoch.Add(time.Duration(id) * time.Hour),
			Active:  id%3 != 0,
		}
	}
	return table
}
