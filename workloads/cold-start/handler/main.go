// Handler answers events: of each file named, one line. A handler of
// GET /users/{id}.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
)

type event struct {
	RequestContext struct {
		HTTP struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
	PathParameters map[string]string `json:"pathParameters"`
}

type user struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

type answer struct {
	StatusCode int    `json:"statusCode"`
	Body       string `json:"body"`
}

func handle(e *event) (answer, error) {
	if e.RequestContext.HTTP.Method != "GET" {
		return answer{StatusCode: 405}, nil
	}
	id, err := strconv.Atoi(e.PathParameters["id"])
	if err != nil {
		return answer{StatusCode: 400}, nil
	}
	body, err := json.Marshal(user{id, fmt.Sprintf("user %d", id)})
	if err != nil {
		return answer{}, err
	}
	return answer{200, string(body)}, nil
}

func main() {
	answers := json.NewEncoder(os.Stdout)
	for _, path := range os.Args[1:] {
		text, err := os.ReadFile(path)
		if err != nil {
			log.Fatal(err)
		}
		var e event
		if err := json.Unmarshal(text, &e); err != nil {
			log.Fatal(err)
		}
		said, err := handle(&e)
		if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(said); err != nil {
			log.Fatal(err)
		}
	}
}
