package cluster

import (
	"context"
	"fmt"
	"net/url"
	"strings"
)

// resource is how the API server serves a kind.
type resource struct {
	groupVersion string
	kind, plural string
	namespaced   bool
	hasStatus    bool // a /status subresource: a plain write does not change status
	listable     bool
}

func (r resource) root() string {
	if strings.Contains(r.groupVersion, "/") {
		return "/apis/" + r.groupVersion
	}
	return "/api/" + r.groupVersion
}

// collection is where objects are listed and created; namespace "" means all.
func (r resource) collection(namespace string) string {
	if r.namespaced && namespace != "" {
		return r.root() + "/namespaces/" + url.PathEscape(namespace) + "/" + r.plural
	}
	return r.root() + "/" + r.plural
}

func (r resource) path(object Object) string {
	return r.collection(textAt(object, "metadata", "namespace")) + "/" + url.PathEscape(textAt(object, "metadata", "name"))
}

// discover asks for the kinds of one group and version, by kind.
func (c *Client) discover(ctx context.Context, groupVersion string) (map[string]resource, error) {
	var answer struct {
		Resources []struct {
			Name, Kind string
			Namespaced bool
			Verbs      []string
		}
	}
	root := resource{groupVersion: groupVersion}.root()
	if err := c.Get(ctx, root, &answer); err != nil {
		return nil, err
	}
	kinds := map[string]resource{}
	status := map[string]bool{}
	for _, served := range answer.Resources {
		plural, sub, isSub := strings.Cut(served.Name, "/")
		if isSub {
			status[plural] = status[plural] || sub == "status"
			continue
		}
		kinds[served.Kind] = resource{groupVersion: groupVersion, kind: served.Kind, plural: plural,
			namespaced: served.Namespaced, listable: strings.Contains(strings.Join(served.Verbs, " "), "list")}
	}
	for kind, r := range kinds {
		r.hasStatus = status[r.plural]
		kinds[kind] = r
	}
	return kinds, nil
}

// groupVersions lists what the server knows: within each group the preferred version first.
func (c *Client) groupVersions(ctx context.Context) ([]string, error) {
	type version struct{ GroupVersion string }
	var answer struct {
		Groups []struct {
			Name             string
			PreferredVersion version
			Versions         []version
		}
	}
	if err := c.Get(ctx, "/apis", &answer); err != nil {
		return nil, err
	}
	found := []string{"v1"}
	for _, group := range answer.Groups {
		if group.Name == "events.k8s.io" { // the same Events as in v1
			continue
		}
		found = append(found, group.PreferredVersion.GroupVersion)
		for _, v := range group.Versions {
			if v != group.PreferredVersion {
				found = append(found, v.GroupVersion)
			}
		}
	}
	return found, nil
}

// Dump writes everything in the cluster to a file, as `kubectl get -A -o yaml` of each kind would; of Secrets only the
// metadata, which is all that doctor asks for.
func (c *Client) Dump(ctx context.Context, file string) error {
	versions, err := c.groupVersions(ctx)
	if err != nil {
		return err
	}
	var lists []Object
	written := map[string]bool{} // a kind may be served in one version only, and not in its group's preferred one
	for _, version := range versions {
		kinds, err := c.discover(ctx, version)
		if err != nil {
			continue // an aggregated API without a backend: kubectl too says so and goes on
		}
		group, _, _ := strings.Cut(version, "/")
		for _, r := range kinds {
			if !r.listable || written[group+"/"+r.plural] {
				continue
			}
			written[group+"/"+r.plural] = true
			list, err := c.list(ctx, r)
			if err != nil {
				return fmt.Errorf("dump: %w", err)
			}
			lists = append(lists, list)
		}
	}
	return writeObjects(file, lists)
}

func (c *Client) list(ctx context.Context, r resource) (Object, error) {
	var list Object
	if err := c.Get(ctx, r.collection(""), &list); err != nil {
		return nil, err
	}
	items, _ := list["items"].([]any)
	for _, item := range items { // the API server leaves these out of a list's items, kubectl puts them in
		object := item.(Object)
		object["apiVersion"], object["kind"] = r.groupVersion, r.kind
		if r.kind == "Secret" {
			delete(object, "data")
			delete(object, "type")
		}
		if metadata, ok := object["metadata"].(Object); ok {
			delete(metadata, "managedFields")
		}
	}
	return list, nil
}
