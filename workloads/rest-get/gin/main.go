// Command gin serves the users of rest-get with Gin.
package main

import (
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	"tandem/workloads/internal/service"
	"tandem/workloads/rest-get/users"
)

type server struct {
	users map[int64]users.User
}

// path is what the path of a user must hold.
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
	router.GET("/users/:id", s.user)
	return router
}

func (s *server) health(c *gin.Context) {
	c.JSON(http.StatusOK, gin.H{"status": "ok"})
}

func (s *server) user(c *gin.Context) {
	var p path
	if err := c.ShouldBindUri(&p); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"detail": "id must be a positive number"})
		return
	}
	user, ok := s.users[p.ID]
	if !ok {
		c.JSON(http.StatusNotFound, gin.H{"detail": "no such user"})
		return
	}
	c.JSON(http.StatusOK, user)
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
