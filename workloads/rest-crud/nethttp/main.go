// Command nethttp serves the items of rest-crud with the standard library and
// a validator.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strconv"

	"github.com/go-playground/validator/v10"

	"tandem/workloads/internal/service"
	"tandem/workloads/rest-crud/items"
)

type server struct {
	store    items.Store
	validate *validator.Validate
}

func newServer(store items.Store) *server {
	validate := validator.New(validator.WithRequiredStructEnabled())
	validate.SetTagName("binding") // the tags are shared with Gin
	return &server{store, validate}
}

func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("POST /items", s.create)
	mux.HandleFunc("GET /items", s.list)
	mux.HandleFunc("GET /items/{id}", s.get)
	mux.HandleFunc("PUT /items/{id}", s.update)
	mux.HandleFunc("DELETE /items/{id}", s.remove)
	return mux
}

func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *server) create(w http.ResponseWriter, r *http.Request) {
	fields, err := s.fields(r)
	if err != nil {
		refuse(w, err)
		return
	}
	item, err := s.store.Create(r.Context(), fields)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Location", fmt.Sprintf("/items/%d", item.ID))
	writeJSON(w, http.StatusCreated, item)
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	page, err := s.page(r)
	if err != nil {
		refuse(w, err)
		return
	}
	list, err := s.store.List(r.Context(), page)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, list)
}

func (s *server) get(w http.ResponseWriter, r *http.Request) {
	id, err := pathID(r)
	if err != nil {
		refuse(w, err)
		return
	}
	item, err := s.store.Get(r.Context(), id)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, item)
}

func (s *server) update(w http.ResponseWriter, r *http.Request) {
	id, err := pathID(r)
	if err != nil {
		refuse(w, err)
		return
	}
	fields, err := s.fields(r)
	if err != nil {
		refuse(w, err)
		return
	}
	item, err := s.store.Update(r.Context(), id, fields)
	if err != nil {
		fail(w, err)
		return
	}
	writeJSON(w, http.StatusOK, item)
}

func (s *server) remove(w http.ResponseWriter, r *http.Request) {
	id, err := pathID(r)
	if err != nil {
		refuse(w, err)
		return
	}
	if err := s.store.Delete(r.Context(), id); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, errors.New("id must be a positive number")
	}
	return id, nil
}

func (s *server) fields(r *http.Request) (fields items.Fields, err error) {
	if err := json.NewDecoder(r.Body).Decode(&fields); err != nil {
		return fields, err
	}
	return fields, s.validate.Struct(fields)
}

func (s *server) page(r *http.Request) (page items.Page, err error) {
	query := r.URL.Query()
	page.Limit = 20
	if text := query.Get("limit"); text != "" {
		if page.Limit, err = strconv.ParseInt(text, 10, 64); err != nil {
			return page, err
		}
	}
	if text := query.Get("offset"); text != "" {
		if page.Offset, err = strconv.ParseInt(text, 10, 64); err != nil {
			return page, err
		}
	}
	return page, s.validate.Struct(page)
}

// problem is the body of every answer that is not a success.
type problem struct {
	Detail string `json:"detail"`
}

func refuse(w http.ResponseWriter, err error) {
	writeJSON(w, http.StatusBadRequest, problem{err.Error()})
}

func fail(w http.ResponseWriter, err error) {
	if errors.Is(err, items.ErrNotFound) {
		writeJSON(w, http.StatusNotFound, problem{"no such item"})
		return
	}
	log.Print(err)
	writeJSON(w, http.StatusInternalServerError, problem{"internal error"})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		log.Print(err)
	}
}

func run() error {
	store, err := items.Open(context.Background())
	if err != nil {
		return err
	}
	defer store.Close()
	return service.Serve(newServer(store).handler())
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
