package cluster

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// Beside the kubeconfig lies a socket that the process of the cluster listens on. Who connects learns its process id as
// seen from there: processes of other namespaces know it by other numbers.
const controlName = "control"

// shownName is a file with that number as /proc has it: all share the machine's, whose namespaces nest.
const shownName = "shown-pid"

func listenControl(dir string) (net.Listener, error) {
	shown, err := os.Readlink("/proc/self")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, shownName), []byte(shown), 0o600)
	}
	if err != nil {
		return nil, err
	}
	var listener net.Listener
	err = inFolder(dir, func(path string) (err error) {
		listener, err = net.Listen("unix", path)
		return err
	})
	if err != nil {
		return nil, err
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_ = connection.Close()
		}
	}()
	return listener, nil
}

func controlPeer(dir string) (int, error) {
	var connection net.Conn
	err := inFolder(dir, func(path string) (err error) {
		connection, err = net.Dial("unix", path)
		return err
	})
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	raw, err := connection.(*net.UnixConn).SyscallConn()
	if err != nil {
		return 0, err
	}
	var peer *syscall.Ucred
	if raised := raw.Control(func(fd uintptr) {
		peer, err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); raised != nil {
		return 0, raised
	}
	if err == nil && peer.Pid == 0 {
		err = fmt.Errorf("the cluster in %s runs outside of this process namespace", dir)
	}
	if err != nil {
		return 0, err
	}
	return int(peer.Pid), nil
}

// inFolder gives the socket's path in a short form: a socket's address holds 107 characters, a test's folder may be deep.
func inFolder(dir string, use func(path string) error) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer folder.Close()
	return use(fmt.Sprintf("/proc/self/fd/%d/%s", folder.Fd(), controlName))
}
