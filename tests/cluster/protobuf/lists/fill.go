package main

import (
	"log"
	"math"
	"math/rand"
	"reflect"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	words = []string{"", "a", "b", "true", "12", "größe", "日本", "a\nb\t\"c\" \\ <&>", "nul\x00", "no utf-8: \xff\xc3(",
		"a text that is longer than those of which a reader looks for the same one again, which is 96 bytes long"}
	numbers    = []int64{0, 0, 1, -1, 127, 128, 8000, math.MaxInt32, math.MinInt32}
	moments    = []int64{0, 1, 951782400, 1787583618, 253402300799, -62135596799}
	quantities = []string{"0", "1", "100m", "1Gi", "1.5", "12e6", "-3Ki", "1n"}
)

func pick[T any](dice *rand.Rand, from []T) T { return from[dice.Intn(len(from))] }

// Anything a value of this type may be, often empty.
func fill(v reflect.Value, dice *rand.Rand) {
	if v.Kind() != reflect.Struct && dice.Intn(4) == 0 {
		return
	}
	switch p := v.Addr().Interface().(type) {
	case *meta.Time:
		if dice.Intn(4) != 0 {
			*p = meta.Unix(pick(dice, moments), 0)
		}
		return
	case *meta.MicroTime:
		if dice.Intn(4) != 0 {
			*p = meta.NewMicroTime(time.Unix(pick(dice, moments), dice.Int63n(1e9)))
		}
		return
	case *resource.Quantity:
		*p = resource.MustParse(pick(dice, quantities))
		return
	case *intstr.IntOrString:
		*p = intstr.FromString(pick(dice, words))
		if dice.Intn(2) == 0 {
			*p = intstr.FromInt32(int32(pick(dice, numbers)))
		}
		return
	case *runtime.RawExtension, *meta.FieldsV1, *meta.TypeMeta:
		return // lists have none, or the reader leaves it out
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), dice)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), dice)
		}
	case reflect.Slice:
		for range dice.Intn(3) {
			element := reflect.New(v.Type().Elem()).Elem()
			fill(element, dice)
			v.Set(reflect.Append(v, element))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range dice.Intn(3) {
			key, element := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			key.SetString(pick(dice, words))
			fill(element, dice)
			v.SetMapIndex(key, element)
		}
	case reflect.String:
		v.SetString(pick(dice, words))
	case reflect.Bool:
		v.SetBool(dice.Intn(2) == 0)
	case reflect.Int32, reflect.Int64:
		v.SetInt(pick(dice, numbers))
	case reflect.Uint8:
		v.SetUint(uint64(dice.Intn(256)))
	default:
		log.Fatalf("%v: not known how to fill it", v.Type())
	}
}
