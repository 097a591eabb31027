package scenario

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

// The tests run in a network namespace of their own where that can be had.
func TestMain(m *testing.M) {
	if err := cluster.Isolate(); err != nil {
		fmt.Println("not isolated:", err)
	}
	os.Exit(m.Run())
}

// start gives each test a cluster of its own.
func start(t *testing.T, options cluster.Options) *cluster.Cluster {
	t.Helper()
	t.Setenv("XDG_STATE_HOME", t.TempDir()) // what fixes write down is the test's own
	c, err := cluster.Start(options)
	if errors.Is(err, cluster.ErrNoPrograms) || errors.Is(err, cluster.ErrNotIsolated) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	return c
}

// recordings are whole clusters as `kubectl get -o yaml` wrote them: the project's own, and a larger collection that
// may lie beside the project.
func recordings(t *testing.T) []string {
	t.Helper()
	root := filepath.Join("..", "..", "..", "..")
	own, _ := filepath.Glob(filepath.Join(root, "examples", "*", "cluster.yaml"))
	if len(own) == 0 {
		t.Fatal("the project's examples are gone")
	}
	for _, name := range []string{"stuck-namespace-webhook", "missing-grant", "lora-load-error", "fresh-install"} {
		file := filepath.Join(root, "..", "shared", "testdata", "clusters", name+".yaml")
		if _, err := os.Stat(file); err == nil {
			own = append(own, file)
		}
	}
	return own
}

// needs skips a test where the parts cannot be had.
func needs(t *testing.T, options cluster.Options) {
	t.Helper()
	if err := options.Available(); err != nil {
		t.Skip(err)
	}
}

// healthy is the project's own recording of a cluster without an error.
func healthy(t *testing.T) string {
	t.Helper()
	for _, file := range recordings(t) {
		if strings.Contains(file, "healthy-cluster") {
			return file
		}
	}
	t.Fatal("the healthy example is gone")
	return ""
}

func load(t *testing.T, c *cluster.Cluster, file string) []cluster.Object {
	t.Helper()
	objects, err := cluster.ReadObjects(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Admin.Load(limited(t), objects); err != nil {
		t.Fatal(err)
	}
	return objects
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
