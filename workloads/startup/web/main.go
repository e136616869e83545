// Web links what a web service needs, makes an application, and ends.
package main

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.GET("/healthz", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"status": "ok"})
	})
	server := http.Server{Addr: "127.0.0.1:8000", Handler: router}
	if server.Handler == router {
		fmt.Println("ready")
	}
}
