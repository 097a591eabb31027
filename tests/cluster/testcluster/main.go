// Testcluster starts and stops a Kubernetes API server for tests, and fills it from recordings.
// The scripts tests/cluster/up, down and load call it.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

const usage = `usage:
  up [--controllers] [-- COMMAND...]  start a cluster and print its kubeconfig. With COMMAND: run it with KUBECONFIG
                                      set, stop the cluster, exit as it did. Without: stay until interrupted or until
                                      the calling process ends.
  up --detach [--controllers]         start it in the background and print its kubeconfig
  down KUBECONFIG                     stop a cluster that runs in the background
  load KUBECONFIG FILE...             create the objects of manifests or dumps, with their status
`

// The kernel ties a child's life to the thread that started it; the main thread lasts as long as the process.
func init() { runtime.LockOSThread() }

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	var err error
	switch os.Args[1] {
	case "up":
		err = up(os.Args[2:])
	case "down":
		err = down(os.Args[2:])
	case "load":
		err = load(os.Args[2:])
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(ended.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests/cluster:", err)
		os.Exit(1)
	}
}

func up(arguments []string) error {
	flags := flag.NewFlagSet("up", flag.ExitOnError)
	controllers := flags.Bool("controllers", false, "run kube-controller-manager too")
	detach := flags.Bool("detach", false, "leave the cluster running in the background")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *detach {
		return startDetached(*controllers)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	if os.Getenv(detachedVariable) == "" {
		stopWithParent()
	}
	c, err := cluster.Start(cluster.Options{Controllers: *controllers})
	if err != nil {
		return err
	}
	defer c.Stop()
	if flags.NArg() > 0 {
		return run(c, flags.Args(), stop)
	}
	fmt.Println(c.Kubeconfig)
	select {
	case <-stop:
		return nil
	case err := <-c.Ended():
		return err
	}
}

// stopWithParent has the kernel send SIGTERM when the process that called up is gone.
func stopWithParent() {
	const setParentDeathSignal = 1 // PR_SET_PDEATHSIG
	parent := os.Getppid()
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setParentDeathSignal, uintptr(syscall.SIGTERM), 0)
	if os.Getppid() != parent { // it ended before the kernel knew
		os.Exit(1)
	}
}

func run(c *cluster.Cluster, command []string, stop <-chan os.Signal) error {
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.Env = append(os.Environ(), "KUBECONFIG="+c.Kubeconfig)
	child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := child.Start(); err != nil {
		return err
	}
	go func() {
		for s := range stop {
			_ = child.Process.Signal(s)
		}
	}()
	return child.Wait()
}

const detachedVariable = "AIBRIXCTL_CLUSTER_DETACHED"

// startDetached runs up again in a session of its own and waits for the line it prints when it is ready.
func startDetached(controllers bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.Command(self, "up", fmt.Sprintf("--controllers=%t", controllers))
	child.Env = append(os.Environ(), detachedVariable+"=1")
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	if err := child.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return errors.Join(errors.New("the cluster did not start"), child.Wait())
	}
	fmt.Print(line)
	return nil
}

func down(arguments []string) error {
	if len(arguments) != 1 {
		return errors.New("down takes the kubeconfig that up printed")
	}
	dir := filepath.Dir(arguments[0])
	pid, err := cluster.Holder(dir)
	if errors.Is(err, os.ErrNotExist) || (err == nil && pid == 0) {
		return fmt.Errorf("no cluster runs in %s", dir)
	}
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return err
	}
	for range 100 {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%s is still there", dir)
}

func load(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("load takes a kubeconfig and files")
	}
	client, err := cluster.Connect(arguments[0])
	if err != nil {
		return err
	}
	for _, file := range arguments[1:] {
		objects, err := cluster.ReadObjects(file)
		if err != nil {
			return err
		}
		if err := client.Load(context.Background(), objects); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}
