package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// Fake pods, Services and nodes have private addresses, and API server and Envoy dial them. So what is more than an API
// server runs in a network namespace where these ranges are local: whoever listens on port 8000 of all addresses there is
// every pod's port 8000, and nothing can leave the machine. The process namespace has the kernel end everything in it when
// its first process ends, however that happens.
var localRanges = []string{podRange, serviceRange, nodeRange}

const (
	podRange     = "10.244.0.0/16"
	serviceRange = "10.96.0.0/16"
	nodeRange    = "172.18.0.0/24"

	isolatedVariable = "AIBRIXCTL_CLUSTER_ISOLATED"
)

// ErrNotIsolated: this process is not in a namespace of its own, and may not make one.
var ErrNotIsolated = errors.New("a network namespace of its own is needed; that takes root (or CAP_SYS_ADMIN and " +
	"CAP_NET_ADMIN, or a kernel that lets users make namespaces)")

// Isolated tells whether this process is the first in namespaces that Isolate made.
func Isolated() bool { return os.Getenv(isolatedVariable) != "" && os.Getpid() == 1 }

// Isolate runs this program again, with the same arguments, in namespaces of its own, and exits as that run does. There,
// it returns nil at once. It also returns, with ErrNotIsolated, where namespaces cannot be had. TMPDIR is a folder that
// goes when everything in the namespace is gone.
func Isolate() error {
	if Isolated() {
		return setUpNetwork()
	}
	dir, lock, err := newFolder()
	if err != nil {
		return err
	}
	janitor, err := startJanitor(dir)
	if err != nil {
		return err
	}
	code, err := runIsolated(dir)
	_ = os.RemoveAll(dir)
	janitor.finish()
	_ = lock.Close()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotIsolated, err)
	}
	os.Exit(code)
	return nil
}

func runIsolated(dir string) (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(stop)
	child := exec.Command(self, os.Args[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWPID}
	if os.Geteuid() != 0 {
		child.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		child.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		child.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	child.Env = append(os.Environ(), isolatedVariable+"="+dir, "TMPDIR="+dir)
	started := make(chan error)
	spawner <- func() { started <- child.Start() }
	if err := <-started; err != nil {
		return 0, err
	}
	go func() {
		for s := range stop {
			_ = child.Process.Signal(s)
		}
	}()
	err = child.Wait()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return 0, err
	}
	if code := child.ProcessState.ExitCode(); code >= 0 {
		return code, nil
	}
	return 1, nil
}

// setUpNetwork gives the namespace its loopback interface and the ranges.
func setUpNetwork() error {
	ip := Program("ip")
	if ip == "" {
		return fmt.Errorf("ip: %w", ErrNoPrograms)
	}
	commands := []string{"link set lo up"}
	for _, local := range localRanges {
		commands = append(commands, "route replace local "+local+" dev lo")
	}
	for _, command := range commands {
		if output, err := exec.Command(ip, strings.Fields(command)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", command, err, output)
		}
	}
	return nil
}

// EnterCommand is a command line that runs command beside the cluster of a kubeconfig: in its namespaces, if it has any.
func EnterCommand(kubeconfig string, command []string) ([]string, error) {
	held, err := isHeld(dirOf(kubeconfig))
	if err != nil {
		return nil, err
	}
	if !held {
		return nil, fmt.Errorf("no cluster runs in %s", dirOf(kubeconfig))
	}
	shown, err := os.ReadFile(filepath.Join(dirOf(kubeconfig), shownName))
	if err != nil {
		return nil, err
	}
	pid := string(shown)
	inside := append([]string{"env", "KUBECONFIG=" + kubeconfig}, command...)
	theirs, err := os.Readlink("/proc/" + pid + "/ns/net")
	if err != nil {
		return nil, err
	}
	if ours, err := os.Readlink("/proc/self/ns/net"); err != nil || ours == theirs {
		return inside, err
	}
	enter := []string{"nsenter", "--net=/proc/" + pid + "/ns/net", "--pid=/proc/" + pid + "/ns/pid"}
	if os.Geteuid() != 0 {
		enter = append(enter, "--user=/proc/"+pid+"/ns/user", "--preserve-credentials")
	}
	return append(append(enter, "--"), inside...), nil
}
