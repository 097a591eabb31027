// Testcluster starts and stops a Kubernetes cluster for tests, and fills it from recordings.
// The scripts tests/cluster/up, enter, down and load call it.
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
	"slices"
	"strings"
	"syscall"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

const usage = `usage:
  up [PART...] [-- COMMAND...]  start a cluster and print its kubeconfig. With COMMAND: run it with KUBECONFIG set, stop
                                the cluster, exit as it did. Without: stay until interrupted or until the calling
                                process ends.
  up --detach [PART...]         start it in the background and print its kubeconfig
  enter KUBECONFIG COMMAND...   run a command where the cluster can be reached, with KUBECONFIG set
  down KUBECONFIG               stop a cluster that runs in the background
  load KUBECONFIG FILE...       create the objects of manifests or dumps, with their status

parts, beyond the API server: --controllers, --nodes, --aibrix, --gateway, --envoy; --full is all of them. Each brings
what it needs. All but --controllers run in a network namespace, which needs root.
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
	case "enter":
		err = enter(os.Args[2:])
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
	var options cluster.Options
	flags.BoolVar(&options.Controllers, "controllers", false, "kube-controller-manager")
	flags.BoolVar(&options.Nodes, "nodes", false, "kube-scheduler, kwok and fake nodes")
	flags.BoolVar(&options.AIBrix, "aibrix", false, "AIBrix's objects and controllers")
	flags.BoolVar(&options.Gateway, "gateway", false, "Envoy Gateway")
	flags.BoolVar(&options.Envoy, "envoy", false, "Envoy, AIBrix's gateway plugin, Redis and an engine")
	full := flags.Bool("full", false, "all of it")
	detach := flags.Bool("detach", false, "leave the cluster running in the background")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *detach {
		return startDetached(arguments)
	}
	if *full {
		options = cluster.Full
	}
	first := !cluster.Isolated()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	if first && os.Getenv(detachedVariable) == "" {
		stopWithParent()
	}
	if options.Isolated() {
		if err := cluster.Isolate(); err != nil {
			return err
		}
	}
	c, err := cluster.Start(options)
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
func startDetached(arguments []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	arguments = slices.DeleteFunc(slices.Clone(arguments), func(one string) bool {
		return strings.TrimLeft(one, "-") == "detach"
	})
	child := exec.Command(self, append([]string{"up"}, arguments...)...)
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

func enter(arguments []string) error {
	if len(arguments) < 2 {
		return errors.New("enter takes the kubeconfig that up printed, and a command")
	}
	line, err := cluster.EnterCommand(arguments[0], arguments[1:])
	if err != nil {
		return err
	}
	program, err := exec.LookPath(line[0])
	if err != nil {
		return err
	}
	return syscall.Exec(program, line, os.Environ())
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
	outer := cluster.Outermost(dir)
	for range 100 {
		if _, err := os.Stat(outer); errors.Is(err, os.ErrNotExist) {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("%s is still there", outer)
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
