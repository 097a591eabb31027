// table writes lib/kube/parse/protobuf_table.inc: how the messages of Kubernetes' own kinds are named in JSON.
//
//	go run ./table VALUE_BUILDER.CPP API-VERSION >protobuf_table.inc
//
// The struct tags of k8s.io/api say both. Members that the Builder leaves out (the list in VALUE_BUILDER.CPP) are not in it.
package main

import (
	"fmt"
	"log"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"aibrixctl.test/protobuf/kinds"
)

type field struct {
	name, kind, form, zero string
	number                 int
	message                reflect.Type // of kind "message"
}

type table struct {
	dead  map[string]bool
	order []reflect.Type
	of    map[reflect.Type][]field
	open  map[reflect.Type]bool
}

// The types that JSON writes in a form of their own.
var special = map[reflect.Type]string{
	reflect.TypeFor[meta.Time]():          "time",
	reflect.TypeFor[meta.MicroTime]():     "micro_time",
	reflect.TypeFor[resource.Quantity]():  "quantity",
	reflect.TypeFor[intstr.IntOrString](): "int_or_string",
	reflect.TypeFor[[]byte]():             "bytes",
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: table VALUE_BUILDER.CPP API-VERSION")
	}
	t := table{deadKeys(os.Args[1]), nil, map[reflect.Type][]field{}, map[reflect.Type]bool{}}
	for _, kind := range kinds.Lists {
		t.add(kind.Item())
	}
	t.add(reflect.TypeOf(kinds.Status.List).Elem())
	t.print(os.Args[2])
}

func deadKeys(path string) map[string]bool {
	text, err := os.ReadFile(path)
	if err != nil {
		log.Fatal(err)
	}
	list := regexp.MustCompile(`(?s) dead = \{(.*?)\};`).FindSubmatch(text)
	if list == nil {
		log.Fatalf("%s: the list of keys that are left out is not there", path)
	}
	dead := map[string]bool{}
	for _, word := range regexp.MustCompile(`"(\w+)"`).FindAllSubmatch(list[1], -1) {
		dead[string(word[1])] = true
	}
	return dead
}

// A message comes after those it holds. None holds itself, which bounds how deep a reader goes.
func (t *table) add(message reflect.Type) {
	if t.open[message] {
		log.Fatalf("%v holds itself", message)
	}
	if _, known := t.of[message]; known {
		return
	}
	t.open[message] = true
	var fields []field
	for i := range message.NumField() {
		if f, ok := t.read(message.Field(i)); ok {
			fields = append(fields, f)
		}
	}
	t.open[message] = false
	slices.SortFunc(fields, func(a, b field) int { return a.number - b.number })
	if len(fields) > 64 || (len(fields) > 0 && fields[len(fields)-1].number > 255) {
		log.Fatalf("%v: more fields than the reader keeps account of", message)
	}
	t.of[message] = fields
	t.order = append(t.order, message)
}

func (t *table) read(f reflect.StructField) (field, bool) {
	tag, json := f.Tag.Get("protobuf"), strings.Split(f.Tag.Get("json"), ",")
	if tag == "" || json[0] == "-" || t.dead[json[0]] {
		return field{}, false
	}
	number, err := strconv.Atoi(strings.Split(tag, ",")[1])
	if err != nil {
		log.Fatalf("%s: %s", f.Name, tag)
	}
	out := field{name: json[0], form: "one", number: number}
	goes := func(option string) bool { return slices.Contains(json[1:], option) }
	kind := f.Type
	pointer := kind.Kind() == reflect.Pointer
	if pointer {
		kind = kind.Elem()
	}
	switch {
	case special[kind] != "":
	case kind.Kind() == reflect.Slice:
		kind, out.form = kind.Elem(), "list"
	case kind.Kind() == reflect.Map:
		kind, out.form = kind.Elem(), "map"
	case json[0] == "":
		if !goes("inline") || pointer {
			log.Fatalf("%s: no name in JSON", f.Name)
		}
		out.form = "inlined"
	}
	out.kind, out.message = t.kind(kind)
	isTime := out.kind == "time" || out.kind == "micro_time"
	if goes("omitzero") && !isTime {
		log.Fatalf("%s: omitzero of something that is no time", f.Name)
	}
	if out.form == "map" && slices.Contains([]string{"truth", "integer"}, out.kind) {
		log.Fatalf("%s: a map of numbers", f.Name)
	}
	many := out.form == "list" || out.form == "map"
	isStruct := !many && (isTime || slices.Contains([]string{"quantity", "int_or_string", "message"}, out.kind))
	switch {
	case (pointer || many || out.kind == "bytes") && !goes("omitempty"):
		out.zero = "null"
	case pointer || !goes("omitempty") || (isStruct && !goes("omitzero")):
		out.zero = "kept"
	default:
		out.zero = "omitted"
	}
	return out, true
}

func (t *table) kind(of reflect.Type) (string, reflect.Type) {
	if name := special[of]; name != "" {
		return name, nil
	}
	switch of.Kind() {
	case reflect.String:
		return "text", nil
	case reflect.Bool:
		return "truth", nil
	case reflect.Int32, reflect.Int64:
		return "integer", nil
	case reflect.Struct:
		t.add(of)
		return "message", of
	}
	log.Fatalf("%v: the reader does not know such values", of)
	return "", nil
}

func (t *table) print(version string) {
	fmt.Printf("// The messages of Kubernetes' own kinds. Made by scripts/protobuf-data from k8s.io/api %s, not to be edited.\n", version)
	fmt.Println("// protobuf_table.hpp says what a row means.\n\nconstexpr Field fields[] = {")
	first := map[reflect.Type]int{}
	count := 0
	for _, message := range t.order {
		first[message] = count
		count += len(t.of[message])
		fmt.Printf("    // %d: %s\n", slices.Index(t.order, message), name(message))
		for _, f := range t.of[message] {
			holds := 0
			if f.message != nil {
				holds = slices.Index(t.order, f.message)
			}
			fmt.Printf("    {%q, %d, %s, %s, %s, %d},\n", f.name, f.number, f.kind, f.form, f.zero, holds)
		}
	}
	fmt.Println("};\n\nconstexpr Message messages[] = {")
	for i, message := range t.order {
		var nulls uint64
		for j, f := range t.of[message] {
			if f.zero == "null" {
				nulls |= 1 << j
			}
		}
		fmt.Printf("    {%d, %d, %#x},  // %d: %s\n", first[message], len(t.of[message]), nulls, i, name(message))
	}
	fmt.Println("};\n\nconstexpr Kind kinds[] = {")
	for _, kind := range kinds.Lists {
		fmt.Printf("    {%q, %q, %d},\n", kind.APIVersion, kind.Name, slices.Index(t.order, kind.Item()))
	}
	fmt.Printf("};\n\nconstexpr std::uint16_t status_message = %d;\n", slices.Index(t.order, reflect.TypeOf(kinds.Status.List).Elem()))
}

func name(message reflect.Type) string { return message.Name() }
