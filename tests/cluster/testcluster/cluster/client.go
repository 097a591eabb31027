package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Client speaks to the API server in JSON. Small on purpose: client-go would be most of the build.
type Client struct {
	server string
	bearer string
	etcd   string // URL of the storage, for backdate
	http   *http.Client
}

// Object is any Kubernetes object.
type Object = map[string]any

// StatusError is an answer that is not a success.
type StatusError struct {
	Method, Path string
	Code         int
	Reason       string
	Message      string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s %s: %d %s %s", e.Method, e.Path, e.Code, e.Reason, e.Message)
}

// Code is the HTTP status of an error of this client, 0 for any other.
func Code(err error) int {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Code
	}
	return 0
}

// Get reads path into answer, unless that is nil; into a *string as it is.
func (c *Client) Get(ctx context.Context, path string, answer any) error {
	return c.do(ctx, http.MethodGet, path, "", nil, answer)
}

// Create posts an object to a collection and returns it as stored.
func (c *Client) Create(ctx context.Context, path string, object Object) (Object, error) {
	var stored Object
	err := c.do(ctx, http.MethodPost, path, "application/json", object, &stored)
	return stored, err
}

// Replace puts an object and returns it as stored.
func (c *Client) Replace(ctx context.Context, path string, object Object) (Object, error) {
	var stored Object
	err := c.do(ctx, http.MethodPut, path, "application/json", object, &stored)
	return stored, err
}

// Merge sends a JSON merge patch.
func (c *Client) Merge(ctx context.Context, path string, patch Object) (Object, error) {
	var stored Object
	err := c.do(ctx, http.MethodPatch, path, "application/merge-patch+json", patch, &stored)
	return stored, err
}

// Delete asks for deletion; an object with finalizers stays.
func (c *Client) Delete(ctx context.Context, path string) error {
	return c.do(ctx, http.MethodDelete, path, "", nil, nil)
}

// do tries again while the server is not ready for a kind ("storage is (re)initializing", just after its definition).
func (c *Client) do(ctx context.Context, method, path, contentType string, body, answer any) error {
	for {
		err := c.doOnce(ctx, method, path, contentType, body, answer)
		if Code(err) != http.StatusTooManyRequests {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func (c *Client) doOnce(ctx context.Context, method, path, contentType string, body, answer any) error {
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.server+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/json")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if c.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		status := &StatusError{Method: method, Path: path, Code: response.StatusCode}
		_ = json.Unmarshal(text, status) // a Status has reason and message; anything else leaves them empty
		status.Code = response.StatusCode
		return status
	}
	if answer == nil {
		return nil
	}
	if plain, wanted := answer.(*string); wanted {
		*plain = string(text)
		return nil
	}
	return json.Unmarshal(text, answer)
}
