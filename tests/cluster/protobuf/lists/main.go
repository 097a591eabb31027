// lists writes lists as the API server would answer them, twice: OUT/NAME.pb in protobuf and OUT/NAME.json.
//
//	lists OUT FILE...             of the objects in manifests and dumps
//	lists OUT -random COUNT SEED  of objects with anything in their fields, COUNT of each kind
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"sigs.k8s.io/yaml"

	"aibrixctl.test/protobuf/kinds"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: lists OUT FILE..., or lists OUT -random COUNT SEED")
	}
	out := os.Args[1]
	check(os.MkdirAll(out, 0o777))
	if os.Args[2] == "-random" && len(os.Args) == 5 {
		count, err := strconv.Atoi(os.Args[3])
		check(err)
		seed, err := strconv.ParseInt(os.Args[4], 10, 64)
		check(err)
		writeRandom(out, count, rand.New(rand.NewSource(seed)))
		return
	}
	for _, path := range os.Args[2:] {
		writeFile(out, path)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func writeRandom(out string, count int, dice *rand.Rand) {
	for _, kind := range kinds.Lists {
		var objects []reflect.Value
		for i := range count {
			object := reflect.New(kind.Item())
			fill(object.Elem(), dice)
			object.Interface().(meta.Object).SetName(fmt.Sprintf("object-%d", i))
			objects = append(objects, object)
		}
		write(filepath.Join(out, "random."+kind.Name), kind, objects)
	}
}

func writeFile(out, path string) {
	text, err := os.ReadFile(path)
	check(err)
	found := map[string][]reflect.Value{}
	for _, document := range strings.Split("\n"+string(text), "\n---") {
		asJSON, err := yaml.YAMLToJSON([]byte(document))
		check(err)
		var list struct{ Items []json.RawMessage }
		check(json.Unmarshal(asJSON, &list))
		for _, object := range append(list.Items, asJSON) {
			var head meta.TypeMeta
			check(json.Unmarshal(object, &head))
			if kind := find(head); kind != nil {
				value := reflect.New(kind.Item())
				check(json.Unmarshal(object, value.Interface()))
				found[kind.Name] = append(found[kind.Name], value)
			}
		}
	}
	name := filepath.Base(path)
	if name == "cluster.yaml" { // of the examples
		name = filepath.Base(filepath.Dir(path))
	}
	for _, kind := range kinds.Lists {
		if objects := found[kind.Name]; len(objects) > 0 {
			write(filepath.Join(out, strings.TrimSuffix(name, ".yaml")+"."+kind.Name), kind, objects)
		}
	}
}

func find(head meta.TypeMeta) *kinds.Kind {
	for i, kind := range kinds.Lists {
		if head.APIVersion == kind.APIVersion && head.Kind == kind.Name {
			return &kinds.Lists[i]
		}
	}
	return nil
}

type message interface {
	Marshal() ([]byte, error)
	Unmarshal([]byte) error
}

func write(path string, kind kinds.Kind, objects []reflect.Value) {
	list := reflect.New(reflect.TypeOf(kind.List).Elem())
	items := list.Elem().FieldByName("Items")
	for _, object := range objects {
		// The API server keeps objects as protobuf, and so answers with what that can hold.
		stored, err := object.Interface().(message).Marshal()
		check(err)
		read := reflect.New(kind.Item())
		check(read.Interface().(message).Unmarshal(stored))
		read.Elem().FieldByName("TypeMeta").SetZero()
		items.Set(reflect.Append(items, read.Elem()))
	}
	typed := list.Interface().(runtime.Object)
	typed.(meta.ListInterface).SetResourceVersion("4711")
	typed.(meta.ListInterface).SetContinue("the-next-page")
	typed.GetObjectKind().SetGroupVersionKind(schema.FromAPIVersionAndKind(kind.APIVersion, kind.Name+"List"))
	var packed bytes.Buffer
	check(protobuf.NewSerializer(nil, nil).Encode(typed, &packed))
	check(os.WriteFile(path+".pb", packed.Bytes(), 0o666))
	text, err := json.Marshal(typed)
	check(err)
	check(os.WriteFile(path+".json", text, 0o666))
}
