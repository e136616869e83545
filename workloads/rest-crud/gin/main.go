// Command gin serves the items of rest-crud with Gin.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	"tandem/workloads/internal/service"
	"tandem/workloads/rest-crud/items"
)

type server struct {
	store items.Store
}

// path is what the path of an item must hold.
type path struct {
	ID int64 `uri:"id" binding:"min=1"`
}

// handler is gin.Default() without the line logged for each request.
func (s *server) handler() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.Use(gin.Recovery())
	router.GET("/healthz", s.health)
	router.POST("/items", s.create)
	router.GET("/items", s.list)
	router.GET("/items/:id", s.get)
	router.PUT("/items/:id", s.update)
	router.DELETE("/items/:id", s.remove)
	return router
}

func (s *server) health(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

func (s *server) create(c *gin.Context) {
	var fields items.Fields
	if err := c.ShouldBindJSON(&fields); err != nil {
		refuse(c, err)
		return
	}
	item, err := s.store.Create(c.Request.Context(), fields)
	if err != nil {
		fail(c, err)
		return
	}
	c.Header("Location", fmt.Sprintf("/items/%d", item.ID))
	c.JSON(http.StatusCreated, item)
}

func (s *server) list(c *gin.Context) {
	var page items.Page
	if err := c.ShouldBindQuery(&page); err != nil {
		refuse(c, err)
		return
	}
	list, err := s.store.List(c.Request.Context(), page)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, list)
}

func (s *server) get(c *gin.Context) {
	var p path
	if err := c.ShouldBindUri(&p); err != nil {
		refuse(c, err)
		return
	}
	item, err := s.store.Get(c.Request.Context(), p.ID)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, item)
}

func (s *server) update(c *gin.Context) {
	var p path
	var fields items.Fields
	if err := c.ShouldBindUri(&p); err != nil {
		refuse(c, err)
		return
	}
	if err := c.ShouldBindJSON(&fields); err != nil {
		refuse(c, err)
		return
	}
	item, err := s.store.Update(c.Request.Context(), p.ID, fields)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, item)
}

func (s *server) remove(c *gin.Context) {
	var p path
	if err := c.ShouldBindUri(&p); err != nil {
		refuse(c, err)
		return
	}
	if err := s.store.Delete(c.Request.Context(), p.ID); err != nil {
		fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

func refuse(c *gin.Context, err error) {
	c.JSON(http.StatusBadRequest, gin.H{"detail": err.Error()})
}

func fail(c *gin.Context, err error) {
	if errors.Is(err, items.ErrNotFound) {
		c.JSON(http.StatusNotFound, gin.H{"detail": "no such item"})
		return
	}
	log.Print(err)
	c.JSON(http.StatusInternalServerError, gin.H{"detail": "internal error"})
}

func run() error {
	store, err := items.Open(context.Background())
	if err != nil {
		return err
	}
	defer store.Close()
	return service.Serve((&server{store}).handler())
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
