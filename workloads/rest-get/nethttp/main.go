// Command nethttp serves the users of rest-get with the standard library.
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"strconv"

	"tandem/workloads/internal/service"
	"tandem/workloads/rest-get/users"
)

type server struct {
	users map[int64]users.User
}

// problem is the body of every answer that is not a success.
type problem struct {
	Detail string `json:"detail"`
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /users/{id}", s.user)
	return mux
}

func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *server) user(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		writeJSON(w, http.StatusBadRequest, problem{"id must be a positive number"})
		return
	}
	user, ok := s.users[id]
	if !ok {
		writeJSON(w, http.StatusNotFound, problem{"no such user"})
		return
	}
	writeJSON(w, http.StatusOK, user)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

func main() {
	count, err := service.Int("users", 1000)
	if err != nil {
		log.Fatal(err)
	}
	s := &server{users: users.Table(count)}
	if err := service.Serve(s.handler()); err != nil {
		log.Fatal(err)
	}
}
