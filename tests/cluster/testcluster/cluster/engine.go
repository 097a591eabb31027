package cluster

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Engine plays every model pod, since it listens on their port on all addresses of the namespace; and AIBrix's metadata
// service, on that one's. It refuses adapters whose names begin with "broken-". How a model's name begins says what becomes
// of its requests: failing- is 500, locked- 401, unknown- the engine's own 404, chatty- text that is no JSON, and slow-
// takes three seconds.
type Engine struct {
	mutex    sync.Mutex
	adapters map[string]bool
	asked    []http.Header // of the requests for what models there are
	servers  []*http.Server
}

func startEngine() (*Engine, error) {
	e := &Engine{adapters: map[string]bool{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /v1/models", e.models)
	routes.HandleFunc("POST /v1/load_lora_adapter", e.load)
	routes.HandleFunc("POST /v1/unload_lora_adapter", e.unload)
	for _, path := range []string{"/v1/chat/completions", "/v1/completions", "/v1/embeddings"} {
		routes.HandleFunc("POST "+path, complete)
	}
	for _, path := range []string{"GET /health", "GET /metrics"} {
		routes.HandleFunc(path, func(http.ResponseWriter, *http.Request) {})
	}
	for _, port := range []int{8000, 8090} {
		listener, err := net.Listen("tcp", fmt.Sprintf("0.0.0.0:%d", port))
		if err != nil {
			return nil, err
		}
		server := &http.Server{Handler: routes}
		e.servers = append(e.servers, server)
		go func() { _ = server.Serve(listener) }()
	}
	return e, nil
}

func (e *Engine) stop() {
	for _, server := range e.servers {
		_ = server.Close()
	}
}

// Loaded tells whether an adapter is.
func (e *Engine) Loaded(adapter string) bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.adapters[adapter]
}

// Asked has the headers of every request for what models there are.
func (e *Engine) Asked() []http.Header {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return slices.Clone(e.asked)
}

// Forget ends an adapter as a restart of the engine's container does.
func (e *Engine) Forget(adapter string) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	delete(e.adapters, adapter)
}

func (e *Engine) models(answer http.ResponseWriter, request *http.Request) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.asked = append(e.asked, request.Header.Clone())
	data := []any{Object{"id": "base", "object": "model"}}
	for name := range e.adapters {
		data = append(data, Object{"id": name, "object": "model", "parent": "base"})
	}
	reply(answer, http.StatusOK, Object{"object": "list", "data": data})
}

func (e *Engine) load(answer http.ResponseWriter, request *http.Request) {
	name := adapterName(request)
	if strings.HasPrefix(name, "broken-") {
		reply(answer, http.StatusBadRequest, Object{"object": "error", "message": "adapter " + name + " does not fit the model"})
		return
	}
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.adapters[name] = true
	reply(answer, http.StatusOK, Object{"status": "loaded"})
}

func (e *Engine) unload(answer http.ResponseWriter, request *http.Request) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	delete(e.adapters, adapterName(request))
	reply(answer, http.StatusOK, Object{"status": "unloaded"})
}

func adapterName(request *http.Request) string {
	var asked Object
	_ = json.NewDecoder(request.Body).Decode(&asked)
	return textAt(asked, "lora_name")
}

// complete answers every kind of completion with one token.
func complete(answer http.ResponseWriter, request *http.Request) {
	var asked Object
	_ = json.NewDecoder(request.Body).Decode(&asked)
	name := textAt(asked, "model")
	kind, _, _ := strings.Cut(name, "-")
	switch kind {
	case "failing":
		reply(answer, http.StatusInternalServerError, Object{"error": Object{"message": "CUDA out of memory", "type": "InternalServerError"}})
		return
	case "locked":
		reply(answer, http.StatusUnauthorized, Object{"error": "Unauthorized"})
		return
	case "unknown":
		reply(answer, http.StatusNotFound, Object{"object": "error", "code": 404, "type": "NotFoundError",
			"message": "The model `" + name + "` does not exist."})
		return
	case "chatty":
		_, _ = answer.Write([]byte("upstream of something else"))
		return
	case "slow":
		select {
		case <-request.Context().Done():
		case <-time.After(3 * time.Second):
		}
	}
	reply(answer, http.StatusOK, Object{"id": "test", "object": "chat.completion", "created": 1, "model": asked["model"],
		"choices": []any{Object{"index": 0, "finish_reason": "stop", "text": "yes",
			"message": Object{"role": "assistant", "content": "yes"}}},
		"usage": Object{"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}})
}

func reply(answer http.ResponseWriter, status int, body Object) {
	answer.Header().Set("Content-Type", "application/json")
	answer.WriteHeader(status)
	_ = json.NewEncoder(answer).Encode(body)
}
