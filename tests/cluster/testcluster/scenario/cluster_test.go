// Package scenario runs aibrixctl against real servers. The script tests/cluster/scenario calls it.
package scenario

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

// Two clusters run side by side and leave nothing behind.
func TestTwoClusters(t *testing.T) {
	one, two := start(t, cluster.Options{}), start(t, cluster.Options{Controllers: true})
	namespace := cluster.Object{"metadata": cluster.Object{"name": "only-in-one"}}
	if _, err := one.Admin.Create(limited(t), "/api/v1/namespaces", namespace); err != nil {
		t.Fatal(err)
	}
	if err := two.Admin.Get(limited(t), "/api/v1/namespaces/only-in-one", nil); cluster.Code(err) != 404 {
		t.Errorf("the other cluster knows the namespace: %v", err)
	}
	nobody, err := one.Client("nobody")
	if err != nil {
		t.Fatal(err)
	}
	if err := nobody.Get(limited(t), "/api/v1/pods", nil); cluster.Code(err) != 403 {
		t.Errorf("a user without rights lists pods: %v", err)
	}
	one.Stop()
	if _, err := os.Stat(one.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", one.Dir, err)
	}
}

// Two whole clusters side by side, though each listens on the same fixed ports; and commands that enter one of them.
func TestTwoWholeClusters(t *testing.T) {
	needs(t, cluster.Full)
	program := cluster.Program("testcluster")
	tcp := func(line string) string { // what a command prints beside the cluster
		command := exec.CommandContext(limited(t), program, strings.Fields(line)...)
		command.Stderr = os.Stderr // a pipe would stay open with the cluster
		out, err := command.Output()
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return strings.TrimSpace(string(out))
	}
	var kubeconfigs []string
	for range 2 {
		kubeconfig := tcp("up --detach --full")
		kubeconfigs = append(kubeconfigs, kubeconfig)
		t.Cleanup(func() { _ = exec.Command(program, "down", kubeconfig).Run() })
	}
	for _, kubeconfig := range kubeconfigs {
		report := tcp("enter " + kubeconfig + " " + os.Getenv("AIBRIXCTL") + " doctor -o json")
		if !strings.Contains(report, `"exitCode": 0`) {
			t.Errorf("a fresh cluster is not right:\n%s", report)
		}
	}
	tcp("down " + kubeconfigs[0])
	if _, err := os.Stat(kubeconfigs[0]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is left: %v", kubeconfigs[0], err)
	}
	tcp("enter " + kubeconfigs[1] + " " + os.Getenv("AIBRIXCTL") + " doctor")
}

// What is read back from the server is what the recording says, but for what only the server can write.
func TestLoadedAsRecorded(t *testing.T) {
	for _, file := range recordings(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			c := start(t, cluster.Options{})
			compared := 0
			for _, recorded := range load(t, c, file) {
				stored, err := c.Admin.Stored(limited(t), recorded)
				if err != nil {
					t.Error(err)
					continue
				}
				if stored != nil {
					compared++
					compare(t, recorded, stored)
				}
			}
			if compared == 0 {
				t.Error("nothing was compared")
			}
		})
	}
}

func compare(t *testing.T, recorded, stored cluster.Object) {
	t.Helper()
	what := cluster.Describe(recorded)
	metadata, storedMetadata := recorded["metadata"].(cluster.Object), stored["metadata"].(cluster.Object)
	for _, key := range []string{"finalizers", "generation"} {
		if key == "generation" && recorded["status"] == nil {
			continue // nothing refers to it
		}
		if metadata[key] != nil && !reflect.DeepEqual(metadata[key], storedMetadata[key]) {
			t.Errorf("%s: %s is %v, recorded %v", what, key, storedMetadata[key], metadata[key])
		}
	}
	for _, key := range []string{"creationTimestamp", "deletionTimestamp"} {
		recordedAt, _ := time.Parse(time.RFC3339, text(metadata[key]))
		later := time.Since(recordedAt) < 10*time.Minute // than this machine's clock would have it
		if metadata[key] == nil && key == "creationTimestamp" {
			continue
		}
		if (metadata[key] == nil) != (storedMetadata[key] == nil) || (!later && metadata[key] != storedMetadata[key]) {
			t.Errorf("%s: %s is %v, recorded %v", what, key, storedMetadata[key], metadata[key])
		}
	}
	wanted, _ := metadata["labels"].(cluster.Object)
	have, _ := storedMetadata["labels"].(cluster.Object)
	both := maps.Clone(have)
	maps.Copy(both, wanted)
	if len(wanted) > 0 && !reflect.DeepEqual(both, have) {
		t.Errorf("%s: labels are %v, recorded %v", what, have, wanted)
	}
	if recorded["status"] != nil && !reflect.DeepEqual(recorded["status"], stored["status"]) {
		t.Errorf("%s: status is\n%v, recorded\n%v", what, stored["status"], recorded["status"])
	}
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// A cluster whose process is killed, while it starts or later, leaves neither servers nor files.
func TestKilled(t *testing.T) {
	killed(t, "up", 300*time.Millisecond, 1500*time.Millisecond, 8*time.Second)
}

// The same for a cluster in namespaces of its own, with everything in it.
func TestWholeClusterKilled(t *testing.T) {
	needs(t, cluster.Full)
	killed(t, "up --full", 700*time.Millisecond, 5*time.Second, 30*time.Second)
}

func killed(t *testing.T, command string, moments ...time.Duration) {
	program := cluster.Program("testcluster")
	if program == "" {
		t.Skip(cluster.ErrNoPrograms)
	}
	for _, after := range moments {
		t.Run(after.String(), func(t *testing.T) {
			folder := t.TempDir()
			up := exec.Command(program, strings.Fields(command)...)
			up.Env = append(os.Environ(), "TMPDIR="+folder)
			if err := up.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(after)
			if left, _ := os.ReadDir(folder); len(left) == 0 {
				t.Error("the cluster has made no folder yet: nothing is tested")
			}
			_ = up.Process.Kill()
			_ = up.Wait()
			var left []os.DirEntry
			for range 50 {
				if left, _ = os.ReadDir(folder); len(left) == 0 {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if len(left) > 0 {
				t.Errorf("left: %v", left)
			}
			if pids := mentioning(folder); len(pids) > 0 {
				t.Errorf("processes left: %v", pids)
			}
		})
	}
}

// mentioning lists the processes that have the text in their command line, as the servers have their folder's name.
func mentioning(text string) []string {
	var found []string
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range lines {
		if line, err := os.ReadFile(file); err == nil && bytes.Contains(line, []byte(text)) {
			found = append(found, file)
		}
	}
	return found
}
