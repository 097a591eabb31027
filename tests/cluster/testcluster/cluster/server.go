package cluster

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// server is one program of the cluster. The kernel kills it when this process dies, however that happens.
type server struct {
	name    string
	log     string
	command *exec.Cmd
	ended   chan struct{}
	err     error
}

// spawner is the one thread that starts servers: PR_SET_PDEATHSIG follows the thread that started a process, so that
// thread must last as long as the process does.
var spawner = func() chan func() {
	work := make(chan func())
	go func() {
		runtime.LockOSThread()
		for task := range work {
			task()
		}
	}()
	return work
}()

func startServer(dir, name, program string, arguments ...string) (*server, error) {
	return launch{name: name, program: program, arguments: arguments}.start(dir)
}

// launch is what a server may need beyond a program and its arguments.
type launch struct {
	name      string
	program   string
	arguments []string
	env       []string // beside this process's own
	root      string   // "" or the folder that is / to it
	hostname  string   // "" or what it takes the machine's name for
}

func (l launch) start(dir string) (*server, error) {
	s := &server{name: l.name, log: filepath.Join(dir, l.name+".log"), ended: make(chan struct{})}
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.command = exec.Command(l.program, l.arguments...)
	s.command.Stdout, s.command.Stderr = log, log
	s.command.Dir = dir
	s.command.Env = append(os.Environ(), l.env...)
	s.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if l.root != "" {
		s.command.SysProcAttr.Chroot, s.command.Dir = l.root, "/"
	}
	if l.hostname != "" {
		if err := s.rename(l.hostname); err != nil {
			return nil, err
		}
	}
	started := make(chan error)
	spawner <- func() { started <- s.command.Start() }
	if err := <-started; err != nil {
		return nil, fmt.Errorf("%s: %w", l.name, err)
	}
	go func() {
		s.err = s.command.Wait()
		close(s.ended)
	}()
	return s, nil
}

const hostnameVariable = "AIBRIXCTL_CLUSTER_HOSTNAME"

// rename has this same program set the name in a namespace of its own, and then become the server.
func (s *server) rename(hostname string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	s.command.Args = append([]string{self, s.command.Path}, s.command.Args[1:]...)
	s.command.Path = self
	s.command.Env = append(s.command.Env, hostnameVariable+"="+hostname)
	s.command.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUTS
	return nil
}

func init() {
	hostname := os.Getenv(hostnameVariable)
	if hostname == "" {
		return
	}
	_ = os.Unsetenv(hostnameVariable)
	err := syscall.Sethostname([]byte(hostname))
	if err == nil {
		err = syscall.Exec(os.Args[1], os.Args[1:], os.Environ())
	}
	fmt.Fprintln(os.Stderr, "tests/cluster:", err)
	os.Exit(1)
}

// stop asks first; the servers write nothing that is worth waiting for longer.
func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(2 * time.Second):
		_ = s.command.Process.Kill()
		<-s.ended
	}
}

// await polls until ready says so; a server that ends meanwhile is an error with the end of its log.
func (s *server) await(limit time.Duration, ready func() bool) error {
	deadline := time.After(limit)
	for {
		select {
		case <-s.ended:
			return fmt.Errorf("%s ended (%v):\n%s", s.name, s.err, s.lastLines())
		case <-deadline:
			return fmt.Errorf("%s is not ready after %s:\n%s", s.name, limit, s.lastLines())
		case <-time.After(50 * time.Millisecond):
			if ready() {
				return nil
			}
		}
	}
}

func (s *server) lastLines() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-6):], "\n")
}

// freePorts asks the kernel for ports that nobody listens on. Somebody may take one before the server does: then the
// server ends, and Start tries again with others.
func freePorts(count int) ([]int, error) {
	var ports []int
	for range count {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		ports = append(ports, listener.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}
