// Grow fills a test cluster for measurements. bench/run calls it.
//
//	grow KUBECONFIG RECORDING MODELS PODS ADAPTERS   copies a model of the recording, which is loaded already
//	grow write FOLDER RECORDING MODELS PODS ADAPTERS writes the same into a folder, without a cluster
//	grow dump KUBECONFIG FILE                        writes everything in the cluster to a YAML file
package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"aibrixctl.test/testcluster/cluster"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "grow:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 3 && arguments[0] == "dump" {
		client, err := cluster.Connect(arguments[1])
		if err != nil {
			return err
		}
		return client.Dump(context.Background(), arguments[2])
	}
	folder := ""
	if len(arguments) == 6 && arguments[0] == "write" {
		folder, arguments = arguments[1], arguments[1:]
	}
	if len(arguments) != 5 {
		return fmt.Errorf("takes KUBECONFIG RECORDING MODELS PODS ADAPTERS")
	}
	var numbers [3]int
	for i := range numbers {
		var err error
		if numbers[i], err = strconv.Atoi(arguments[2+i]); err != nil {
			return err
		}
	}
	recording, err := cluster.ReadObjects(arguments[1])
	if err != nil {
		return err
	}
	size := cluster.Size{Models: numbers[0], Pods: numbers[1], Adapters: numbers[2]}
	if folder != "" {
		return cluster.WriteGrown(recording, size, folder)
	}
	client, err := cluster.Connect(arguments[0])
	if err != nil {
		return err
	}
	return client.Grow(context.Background(), recording, size)
}
