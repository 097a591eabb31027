package cluster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const crdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

// createDefinitions makes the custom kinds that the objects need. Their schema takes anything and they have no status
// subresource, so an object's status is written together with it, as the recording has it.
func (c *Client) createDefinitions(ctx context.Context, objects []Object) error {
	definitions := map[string]Object{}
	for _, object := range objects {
		if definition := permissive(object, objects); definition != nil {
			name := textAt(definition, "metadata", "name")
			if definitions[name] == nil || textAt(object, "kind") == definitionKind {
				definitions[name] = definition
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(definitions)) {
		if _, err := c.Create(ctx, crdPath, definitions[name]); err != nil && Code(err) != 409 {
			return err
		}
	}
	for name, definition := range definitions {
		if err := c.served(ctx, name, definition); err != nil {
			return err
		}
	}
	return nil
}

const definitionKind = "CustomResourceDefinition"

// isCustom tells kinds that need a definition: built-in groups have no dot or end in .k8s.io, as Gateway API's does too.
func isCustom(object Object) bool {
	group, _, hasGroup := strings.Cut(textAt(object, "apiVersion"), "/")
	return hasGroup && strings.Contains(group, ".") &&
		(!strings.HasSuffix(group, ".k8s.io") || strings.HasPrefix(group, "gateway."))
}

// permissive takes names, scope and versions from a recorded definition, or guesses them from an object that has none.
func permissive(object Object, all []Object) Object {
	if textAt(object, "kind") == definitionKind {
		spec := at(object, "spec").(Object)
		var versions []any
		for _, item := range spec["versions"].([]any) {
			recorded := item.(Object)
			versions = append(versions, anything(recorded["name"], recorded["served"], recorded["storage"]))
		}
		return definition(spec["group"].(string), spec["names"].(Object), spec["scope"], versions,
			textAt(object, "metadata", "name"), at(object, "metadata", "annotations"))
	}
	if !isCustom(object) {
		return nil
	}
	kind := textAt(object, "kind")
	scope := "Cluster"
	if slices.ContainsFunc(all, func(other Object) bool {
		return textAt(other, "kind") == kind && textAt(other, "metadata", "namespace") != ""
	}) {
		scope = "Namespaced"
	}
	group, version, _ := strings.Cut(textAt(object, "apiVersion"), "/")
	return definition(group, Object{"kind": kind, "plural": plural(kind)}, scope, []any{anything(version, true, true)},
		plural(kind)+"."+group, nil)
}

func plural(kind string) string {
	name := strings.ToLower(kind)
	switch {
	case strings.HasSuffix(name, "ss"): // gatewayclasses
		return name + "es"
	case strings.HasSuffix(name, "cy") || strings.HasSuffix(name, "xy"): // policies, envoyproxies; but gateways
		return strings.TrimSuffix(name, "y") + "ies"
	}
	return name + "s"
}

func anything(name, served, storage any) Object {
	return Object{"name": name, "served": served, "storage": storage, "schema": Object{
		"openAPIV3Schema": Object{"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}
}

func definition(group string, names Object, scope any, versions []any, name string, annotations any) Object {
	kept, _ := annotations.(Object)
	if kept == nil {
		kept = Object{}
	}
	if strings.HasSuffix(group, ".k8s.io") && kept["api-approved.kubernetes.io"] == nil {
		kept["api-approved.kubernetes.io"] = "unapproved, made by a test" // without it the API server refuses *.k8s.io
	}
	return Object{"apiVersion": "apiextensions.k8s.io/v1", "kind": definitionKind,
		"metadata": Object{"name": name, "annotations": kept},
		"spec":     Object{"group": group, "names": names, "scope": scope, "versions": versions}}
}

// served waits until objects of the definition can be created.
func (c *Client) served(ctx context.Context, name string, definition Object) error {
	versions := at(definition, "spec", "versions").([]any)
	last := versions[len(versions)-1].(Object)
	groupVersion := fmt.Sprintf("%s/%s", textAt(definition, "spec", "group"), last["name"])
	for range 200 {
		kinds, err := c.discover(ctx, groupVersion)
		if err == nil && kinds[textAt(definition, "spec", "names", "kind")].plural != "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("CustomResourceDefinition %s is not served after 10 s", name)
}

// DefineKind makes a custom kind that takes anything, unless there is one of that name.
func (c *Client) DefineKind(ctx context.Context, group, plural string) error {
	if !isCustom(Object{"apiVersion": group + "/v1"}) {
		return nil
	}
	name := plural + "." + group
	if err := c.Get(ctx, crdPath+"/"+name, nil); Code(err) != 404 {
		return err
	}
	scope := "Namespaced"
	if plural == "gatewayclasses" {
		scope = "Cluster"
	}
	names := Object{"plural": plural, "kind": strings.ToUpper(plural[:1]) + plural[1:]}
	made := definition(group, names, scope, []any{anything("v1", true, true)}, name, nil)
	if _, err := c.Create(ctx, crdPath, made); err != nil {
		return err
	}
	return c.served(ctx, name, made)
}

// VersionOf is a version of the group in which the kind is served.
func (c *Client) VersionOf(ctx context.Context, group, plural string) (string, error) {
	var answer struct {
		Versions []struct{ GroupVersion, Version string }
	}
	if err := c.Get(ctx, "/apis/"+group, &answer); err != nil {
		return "", err
	}
	for _, v := range answer.Versions {
		kinds, err := c.discover(ctx, v.GroupVersion)
		if err != nil {
			return "", err
		}
		for _, r := range kinds {
			if r.plural == plural {
				return v.Version, nil
			}
		}
	}
	return "", fmt.Errorf("%s.%s is not served", plural, group)
}
