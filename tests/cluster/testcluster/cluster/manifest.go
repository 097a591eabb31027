package cluster

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"

	"sigs.k8s.io/yaml"
)

var documentEnd = regexp.MustCompile(`(?m)^---[ \t]*$`)

// ReadObjects reads a manifest or a dump: many documents, each an object or a List of objects.
func ReadObjects(file string) ([]Object, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	objects, err := ParseObjects(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s, %w", file, err)
	}
	return objects, nil
}

// ParseObjects is ReadObjects for the text itself.
func ParseObjects(text string) ([]Object, error) {
	var objects []Object
	for i, document := range documentEnd.Split(text, -1) {
		var object Object
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		items, isList := object["items"].([]any)
		switch {
		case len(object) == 0:
		case isList && strings.HasSuffix(textAt(object, "kind"), "List"):
			for _, item := range items {
				objects = append(objects, item.(Object))
			}
		default:
			objects = append(objects, object)
		}
	}
	return objects, nil
}

// writeObjects writes what `kubectl get -o yaml` would: a List document for each kind, empty ones too.
func writeObjects(file string, lists []Object) error {
	var text bytes.Buffer
	for _, list := range lists {
		document, err := yaml.Marshal(list)
		if err != nil {
			return err
		}
		text.WriteString("---\n")
		text.Write(document)
	}
	return os.WriteFile(file, text.Bytes(), 0o600)
}

// at follows a path of keys; nil where there is nothing.
func at(object Object, path ...string) any {
	var value any = object
	for _, key := range path {
		m, ok := value.(Object)
		if !ok {
			return nil
		}
		value = m[key]
	}
	return value
}

func textAt(object Object, path ...string) string {
	s, _ := at(object, path...).(string)
	return s
}

func numberAt(object Object, path ...string) int {
	f, _ := at(object, path...).(float64)
	return int(f)
}

// Describe names an object in messages.
func Describe(object Object) string {
	return fmt.Sprintf("%s %s/%s", textAt(object, "kind"), textAt(object, "metadata", "namespace"),
		textAt(object, "metadata", "name"))
}
