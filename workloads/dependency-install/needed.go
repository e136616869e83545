// Package service imports what the Gin service of rest-get needs, so that
// `go mod tidy` keeps this module's list of requirements.
package service

import _ "github.com/gin-gonic/gin"
