package cluster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Load creates the objects of a dump in the cluster, with their status, their owners and their times and, where they have
// finalizers, being deleted. Uids differ.
func (c *Client) Load(ctx context.Context, objects []Object) error {
	if err := c.createDefinitions(ctx, objects); err != nil {
		return err
	}
	l := &loader{client: c, ctx: ctx, kinds: map[string]map[string]resource{}, uids: map[string]string{},
		times: map[string]times{}}
	for _, object := range objects {
		if old := textAt(object, "metadata", "uid"); old != "" {
			l.uids[old] = ""
		}
	}
	ordered := stages(objects)
	for _, stage := range ordered[:intercepting] {
		if err := l.createOwnersFirst(stage); err != nil {
			return err
		}
	}
	if err := l.deleteStuck(objects); err != nil {
		return err
	}
	if err := l.createOwnersFirst(ordered[intercepting]); err != nil {
		return err
	}
	return c.backdate(ctx, l.times)
}

// The last stage: what intercepts writes, namely webhooks and aggregated APIs.
const intercepting = 3

// stages orders by what an object can need: namespaces come first, Events late, as they may be about anything.
func stages(objects []Object) [][]Object {
	out := make([][]Object, intercepting+1)
	namespaces := map[string]bool{}
	for _, object := range objects {
		stage := 1
		switch textAt(object, "kind") {
		case "Namespace":
			stage = 0
			namespaces[textAt(object, "metadata", "name")] = true
		case "Event":
			stage = 2
		case "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService":
			stage = intercepting
		case definitionKind:
			continue
		}
		out[stage] = append(out[stage], object)
	}
	for _, object := range objects { // a manifest may leave its namespaces to the reader
		if name := textAt(object, "metadata", "namespace"); name != "" && !namespaces[name] {
			namespaces[name] = true
			out[0] = append(out[0], Object{"apiVersion": "v1", "kind": "Namespace", "metadata": Object{"name": name}})
		}
	}
	return out
}

type loader struct {
	client *Client
	ctx    context.Context
	kinds  map[string]map[string]resource
	uids   map[string]string // recorded -> made; "" until made
	times  map[string]times  // by made uid
}

// createOwnersFirst goes over the objects until all are made; owners outside the recording do not hold anything up.
func (l *loader) createOwnersFirst(objects []Object) error {
	for len(objects) > 0 {
		var waiting []Object
		for _, object := range objects {
			if l.ownersMissing(object) {
				waiting = append(waiting, object)
			} else if err := l.create(object); err != nil {
				return fmt.Errorf("%s: %w", Describe(object), err)
			}
		}
		if len(waiting) == len(objects) {
			return fmt.Errorf("%s: its owners own each other", Describe(objects[0]))
		}
		objects = waiting
	}
	return nil
}

func (l *loader) ownersMissing(object Object) bool {
	owners, _ := at(object, "metadata", "ownerReferences").([]any)
	return slices.ContainsFunc(owners, func(owner any) bool {
		made, recorded := l.uids[textAt(owner.(Object), "uid")]
		return recorded && made == ""
	})
}

// isOwn tells what every API server makes for itself.
func isOwn(object Object) bool {
	return (textAt(object, "kind") == "APIService" && at(object, "spec", "service") == nil) ||
		Describe(object) == "Service default/kubernetes"
}

func (l *loader) create(object Object) error {
	if isOwn(object) {
		return nil
	}
	r, err := l.resource(object)
	if err != nil {
		return err
	}
	stored, err := l.write(r, l.prepare(object))
	if err != nil {
		return err
	}
	made := textAt(stored, "metadata", "uid")
	if old := textAt(object, "metadata", "uid"); old != "" {
		l.uids[old] = made
	}
	if recorded := recordedTimes(object); recorded.created != 0 {
		l.times[made] = recorded
	}
	if stored, err = l.raiseGeneration(r, object, stored); err != nil {
		return err
	}
	beingDeleted := textAt(object, "kind") == "Namespace" && at(object, "metadata", "deletionTimestamp") != nil
	if !beingDeleted && r.hasStatus && object["status"] != nil && r.kind != "APIService" {
		return l.putStatus(r, object, stored)
	}
	return nil
}

// prepare takes away what the server writes and puts the new uids in place of the recorded ones.
func (l *loader) prepare(object Object) Object {
	copied := l.renamed(object).(Object)
	metadata := copied["metadata"].(Object)
	for _, key := range []string{"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
		"deletionTimestamp", "deletionGracePeriodSeconds"} {
		delete(metadata, key)
	}
	if recordedGeneration(object) > 1 {
		for key, value := range harmless(object, 100) {
			if spec, ok := value.(Object); ok {
				maps.Copy(copied["spec"].(Object), spec)
			} else {
				copied[key] = value
			}
		}
	}
	return copied
}

func (l *loader) renamed(value any) any {
	switch v := value.(type) {
	case Object:
		out := make(Object, len(v))
		for key, item := range v {
			out[key] = l.renamed(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = l.renamed(item)
		}
		return out
	case string:
		if made := l.uids[v]; made != "" {
			return made
		}
	}
	return value
}

// write creates, or replaces what is there already (the first namespaces).
func (l *loader) write(r resource, object Object) (Object, error) {
	stored, err := l.client.Create(l.ctx, r.collection(textAt(object, "metadata", "namespace")), object)
	for range 100 { // a kind is discovered a moment before it can be written
		if Code(err) != 404 {
			break
		}
		time.Sleep(50 * time.Millisecond)
		stored, err = l.client.Create(l.ctx, r.collection(textAt(object, "metadata", "namespace")), object)
	}
	// The API server taints every new node as not ready; only an update can put the recorded taints back.
	if Code(err) == 409 || (err == nil && r.kind == "Node") {
		return l.replace(r, object)
	}
	return stored, err
}

func (l *loader) replace(r resource, object Object) (Object, error) {
	if r.kind == "Namespace" {
		spec := Object{"labels": at(object, "metadata", "labels"), "annotations": at(object, "metadata", "annotations")}
		return l.client.Merge(l.ctx, r.path(object), Object{"metadata": spec})
	}
	for {
		var there Object
		if err := l.client.Get(l.ctx, r.path(object), &there); err != nil {
			return nil, err
		}
		object["metadata"].(Object)["resourceVersion"] = textAt(there, "metadata", "resourceVersion")
		stored, err := l.client.Replace(l.ctx, r.path(object), object)
		if Code(err) != 409 { // else a controller was quicker
			return stored, err
		}
	}
}

// A recorded generation is what the conditions' observedGeneration refers to, so it is reached by harmless changes: the
// object is created with one, further ones follow, and the last takes them away. A deletion raises it once more.
func recordedGeneration(object Object) int {
	generation := numberAt(object, "metadata", "generation")
	if at(object, "metadata", "deletionTimestamp") != nil {
		generation--
	}
	if !isCustom(object) && !isApp(object) {
		return 0
	}
	return min(generation, 50)
}

func isApp(object Object) bool { return strings.HasPrefix(textAt(object, "apiVersion"), "apps/") }

// harmless is a merge patch; a custom kind's permissive schema keeps any field.
func harmless(object Object, value any) Object {
	if isApp(object) {
		return Object{"spec": Object{"minReadySeconds": value}}
	}
	return Object{"testGeneration": value}
}

func (l *loader) raiseGeneration(r resource, object, stored Object) (Object, error) {
	want := recordedGeneration(object)
	for have := numberAt(stored, "metadata", "generation"); have < want; have++ {
		var value any = have
		if have == want-1 {
			value = nil
			if isApp(object) {
				value = at(object, "spec", "minReadySeconds")
			}
		}
		var err error
		if stored, err = l.client.Merge(l.ctx, r.path(stored), harmless(object, value)); err != nil {
			return nil, err
		}
	}
	return stored, nil
}

func (l *loader) putStatus(r resource, object, stored Object) error {
	stored["status"] = l.renamed(object["status"])
	_, err := l.client.Replace(l.ctx, r.path(stored)+"/status", stored)
	return err
}

// deleteStuck deletes what the recording shows as being deleted: first the objects, then their namespaces.
func (l *loader) deleteStuck(objects []Object) error {
	for _, namespaces := range []bool{false, true} {
		for _, object := range objects {
			isNamespace := textAt(object, "kind") == "Namespace"
			if at(object, "metadata", "deletionTimestamp") == nil || isNamespace != namespaces {
				continue
			}
			if err := l.deleteOne(object); err != nil {
				return fmt.Errorf("%s: %w", Describe(object), err)
			}
		}
	}
	return nil
}

func (l *loader) deleteOne(object Object) error {
	r, err := l.resource(object)
	if err != nil {
		return err
	}
	if err := l.client.Delete(l.ctx, r.path(object)); err != nil {
		return err
	}
	if r.kind != "Namespace" {
		return nil
	}
	var stored Object
	if err := l.client.Get(l.ctx, r.path(object), &stored); err != nil {
		return err
	}
	return l.putStatus(r, object, stored)
}

func (l *loader) resource(object Object) (resource, error) {
	groupVersion := textAt(object, "apiVersion")
	if l.kinds[groupVersion] == nil {
		kinds, err := l.client.discover(l.ctx, groupVersion)
		if err != nil {
			return resource{}, err
		}
		l.kinds[groupVersion] = kinds
	}
	r, known := l.kinds[groupVersion][textAt(object, "kind")]
	if !known {
		return resource{}, fmt.Errorf("the server has no kind %s in %s", textAt(object, "kind"), groupVersion)
	}
	return r, nil
}

// Stored reads an object of a recording as the server has it; nil for what Load leaves to the server.
func (c *Client) Stored(ctx context.Context, recorded Object) (Object, error) {
	if isOwn(recorded) || textAt(recorded, "kind") == definitionKind {
		return nil, nil
	}
	l := &loader{client: c, ctx: ctx, kinds: map[string]map[string]resource{}}
	r, err := l.resource(recorded)
	if err != nil {
		return nil, err
	}
	var stored Object
	err = c.Get(ctx, r.path(recorded), &stored)
	return stored, err
}
