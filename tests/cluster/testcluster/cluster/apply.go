package cluster

import (
	"context"
	"fmt"
	"net/http"
	"sync"
)

// Apply creates the objects of a manifest as kubectl would, definitions of kinds with their whole schema, and replaces
// what is there already. Unlike Load it leaves status, owners and times to the servers.
func (c *Client) Apply(ctx context.Context, objects []Object) error {
	if err := c.applyDefinitions(ctx, objects); err != nil {
		return err
	}
	l := &loader{client: c, ctx: ctx, kinds: map[string]map[string]resource{}, uids: map[string]string{}}
	for _, stage := range stages(objects) {
		for _, object := range stage {
			r, err := l.resource(object)
			if err == nil {
				_, err = l.write(r, object)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", Describe(object), err)
			}
		}
	}
	return nil
}

func (c *Client) applyDefinitions(ctx context.Context, objects []Object) error {
	var group sync.WaitGroup
	failed := make(chan error, len(objects))
	for _, object := range objects {
		if textAt(object, "kind") != definitionKind {
			continue
		}
		group.Go(func() {
			_, err := c.Create(ctx, crdPath, object)
			if Code(err) == 409 {
				err = nil
			}
			if err == nil {
				err = c.served(ctx, textAt(object, "metadata", "name"), object)
			}
			if err != nil {
				failed <- fmt.Errorf("%s: %w", Describe(object), err)
			}
		})
	}
	group.Wait()
	close(failed)
	return <-failed
}

// ApplyFile is Apply for a manifest.
func (c *Client) ApplyFile(ctx context.Context, file string) error {
	objects, err := ReadObjects(file)
	if err != nil {
		return err
	}
	if err := c.Apply(ctx, objects); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// List returns the items of a collection.
func (c *Client) List(ctx context.Context, path string) ([]Object, error) {
	var list struct{ Items []Object }
	err := c.Get(ctx, path, &list)
	return list.Items, err
}

// Patch sends a JSON Patch.
func (c *Client) Patch(ctx context.Context, path string, operations ...Object) (Object, error) {
	var stored Object
	err := c.do(ctx, http.MethodPatch, path, "application/json-patch+json", operations, &stored)
	return stored, err
}

// HasCondition tells whether an object's status says so.
func HasCondition(object Object, kind, status string) bool {
	conditions, _ := at(object, "status", "conditions").([]any)
	for _, item := range conditions {
		if condition, ok := item.(Object); ok && condition["type"] == kind {
			return condition["status"] == status
		}
	}
	return false
}
