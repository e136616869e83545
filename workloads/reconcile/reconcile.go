// Package reconcile is one pass of a controller over many objects, with
// webhook calls meanwhile.
package reconcile

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
)

const replicasMost = 50

// Spec says what an object should be, or is. Its fields are in the order of
// their names, which makes its JSON canonical.
type Spec struct {
	Env      map[string]string `json:"env"`
	Image    string            `json:"image"`
	Labels   map[string]string `json:"labels"`
	Replicas int               `json:"replicas"`
}

// Observed is an object as the cluster has it; Hash is that of the spec that
// was applied last.
type Observed struct {
	Hash string `json:"hash"`
	Spec Spec   `json:"spec"`
}

// Object is one with both of its states; either may be missing.
type Object struct {
	Namespace string    `json:"namespace"`
	Name      string    `json:"name"`
	Desired   *Spec     `json:"desired"`
	Observed  *Observed `json:"observed"`
}

// Action is what is to be done with an object.
type Action struct {
	Verb, Key string
	Body      []byte
}

type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// Read returns the objects of a file, one a line.
func Read(path string) ([]Object, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var objects []Object
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var object Object
		if err := json.Unmarshal(lines.Bytes(), &object); err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
	return objects, lines.Err()
}

// Pass plans what makes every object what it should be.
func Pass(objects []Object) ([]Action, error) {
	var plan []Action
	for i := range objects {
		action, err := reconcile(&objects[i])
		if err != nil {
			return nil, err
		}
		if action != nil {
			plan = append(plan, *action)
		}
	}
	return plan, nil
}

// YieldingPass is Pass for a machine with few CPUs: after every object it lets
// the goroutines go first that wait for one.
func YieldingPass(objects []Object) ([]Action, error) {
	var plan []Action
	for i := range objects {
		action, err := Pass(objects[i : i+1])
		if err != nil {
			return nil, err
		}
		plan = append(plan, action...)
		runtime.Gosched()
	}
	return plan, nil
}

func reconcile(object *Object) (*Action, error) {
	key := object.Namespace + "/" + object.Name
	want, have := object.Desired, object.Observed
	if want == nil {
		return act("delete", key, map[string]string{"propagationPolicy": "Background"})
	}
	spec, err := json.Marshal(want)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(spec)
	hash := fmt.Sprintf("%x", sum[:8])
	if have == nil {
		metadata := map[string]string{"hash": hash, "name": object.Name}
		return act("create", key, map[string]any{"metadata": metadata, "spec": want})
	}
	patch := diff(want, have, hash)
	if len(patch) == 0 {
		return nil, nil
	}
	return act("patch", key, patch)
}

func act(verb, key string, content any) (*Action, error) {
	body, err := json.Marshal(content)
	return &Action{verb, key, body}, err
}

// diff returns the JSON patch that makes an object what it should be.
func diff(want *Spec, have *Observed, hash string) (patch []operation) {
	if want.Replicas != have.Spec.Replicas {
		patch = append(patch, operation{"replace", "/spec/replicas", want.Replicas})
	}
	if want.Image != have.Spec.Image {
		patch = append(patch, operation{"replace", "/spec/image", want.Image})
	}
	patch = difference(patch, "/spec/labels/", want.Labels, have.Spec.Labels)
	patch = difference(patch, "/spec/env/", want.Env, have.Spec.Env)
	if have.Hash != hash {
		patch = append(patch, operation{"replace", "/metadata/hash", hash})
	}
	return patch
}

func difference(patch []operation, path string, want, have map[string]string) []operation {
	keys := make([]string, 0, len(want)+len(have))
	for key := range want {
		keys = append(keys, key)
	}
	for key := range have {
		if _, ok := want[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		value, wanted := want[key]
		old, there := have[key]
		switch {
		case !there:
			patch = append(patch, operation{"add", path + key, value})
		case !wanted:
			patch = append(patch, operation{"remove", path + key, nil})
		case value != old:
			patch = append(patch, operation{"replace", path + key, value})
		}
	}
	return patch
}

// Summary is `created/patched/deleted:digest` of a plan.
func Summary(plan []Action) string {
	counts := map[string]int{}
	digest := sha256.New()
	for _, action := range plan {
		counts[action.Verb]++
		fmt.Fprintf(digest, "%s %s %s\n", action.Verb, action.Key, action.Body)
	}
	return fmt.Sprintf("%d/%d/%d:%x", counts["create"], counts["patch"], counts["delete"],
		digest.Sum(nil)[:8])
}

type review struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Request    *request `json:"request,omitempty"`
	Response   *verdict `json:"response,omitempty"`
}

type request struct {
	UID    string `json:"uid"`
	Object struct {
		Spec Spec `json:"spec"`
	} `json:"object"`
}

type verdict struct {
	UID     string  `json:"uid"`
	Allowed bool    `json:"allowed"`
	Status  *status `json:"status,omitempty"`
}

type status struct {
	Message string `json:"message"`
}

// Review answers an admission review.
func Review(w http.ResponseWriter, r *http.Request) {
	var asked review
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Request == nil {
		http.Error(w, "expected an AdmissionReview", http.StatusBadRequest)
		return
	}
	message := objection(&asked.Request.Object.Spec)
	answer := verdict{UID: asked.Request.UID, Allowed: message == ""}
	if message != "" {
		answer.Status = &status{message}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(review{APIVersion: asked.APIVersion, Kind: asked.Kind, Response: &answer})
}

func objection(spec *Spec) string {
	colon := strings.LastIndexByte(spec.Image, ':')
	if colon < 0 || spec.Image[colon+1:] == "latest" {
		return "the image has no version"
	}
	if spec.Replicas > replicasMost {
		return fmt.Sprintf("more than %d replicas", replicasMost)
	}
	if _, ok := spec.Labels["team"]; !ok {
		return "no label says whose it is"
	}
	return ""
}
