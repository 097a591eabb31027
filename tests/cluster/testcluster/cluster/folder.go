package cluster

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A cluster keeps everything (keys, storage, logs) in one folder that only its owner can read. The folder's lock file
// is held by the process that runs the cluster, so that others can tell a running cluster from what a crash left.
const (
	folderPrefix = "aibrixctl-cluster-"
	lockName     = "lock"
)

func newFolder() (string, *os.File, error) {
	sweep()
	dir, err := os.MkdirTemp("", folderPrefix)
	if err != nil {
		return "", nil, err
	}
	lock, err := os.Create(filepath.Join(dir, lockName))
	if err != nil {
		return "", nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return "", nil, fmt.Errorf("lock %s: %w", lock.Name(), err)
	}
	return dir, lock, nil
}

// Holder tells which process runs the cluster in dir; 0: none does.
func Holder(dir string) (int, error) {
	if held, err := isHeld(dir); err != nil || !held {
		return 0, err
	}
	return controlPeer(dir)
}

func isHeld(dir string) (bool, error) {
	lock, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return false, err
	}
	defer lock.Close()
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil, nil
}

// Outermost is the folder of the namespace that a cluster runs in, or the cluster's own where it has none.
func Outermost(dir string) string {
	if outer := filepath.Dir(dir); strings.HasPrefix(filepath.Base(outer), folderPrefix) {
		return outer
	}
	return dir
}

func dirOf(kubeconfig string) string { return filepath.Dir(kubeconfig) }

// sweep removes the folders of clusters that are gone. A minute's grace: a folder exists a moment before its lock does.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue
		}
		if held, err := isHeld(dir); (err == nil && !held) || errors.Is(err, os.ErrNotExist) {
			_ = os.RemoveAll(dir)
		}
	}
}

// startJanitor starts a process that outlives this one, whatever ends it, and then removes the folder: its standard
// input is a pipe that only this process holds open.
func startJanitor(dir string) (*janitor, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	command := exec.Command(self)
	command.Env = append(os.Environ(), janitorVariable+"="+dir)
	command.Stdin = read
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		return nil, err
	}
	return &janitor{command, write}, nil
}

type janitor struct {
	command *exec.Cmd
	pipe    *os.File
}

// finish waits for the janitor, so that it does not stay as a zombie of this process.
func (j *janitor) finish() {
	_ = j.pipe.Close()
	_ = j.command.Wait()
}

const janitorVariable = "AIBRIXCTL_CLUSTER_JANITOR"

// A janitor is this same program (or test binary) started again, so the package itself takes the call.
func init() {
	dir := os.Getenv(janitorVariable)
	if dir == "" {
		return
	}
	_, _ = os.Stdin.Read(make([]byte, 1)) // returns when the pipe's other end is gone
	for range 50 {                        // the servers die with their parent, but may write a moment longer
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			os.Exit(0)
		}
		_ = os.RemoveAll(dir)
		time.Sleep(100 * time.Millisecond)
	}
	os.Exit(1)
}
