package services

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// Loopback answers an address 127.0.X.Y on which all these TCP ports are free,
// for a server whose ports are fixed. It is the test's until its end: a lock on
// a file keeps other test binaries away.
func Loopback(t testing.TB, ports ...int) string {
	t.Helper()
	for n := 2; n < 1000; n++ {
		address := fmt.Sprintf("127.0.%d.%d", 90+n/250, 1+n%250)
		lock, err := os.OpenFile(filepath.Join(os.TempDir(), "postroom-"+address+".lock"), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil && free(address, ports) {
			t.Cleanup(func() { lock.Close() })
			return address
		}
		lock.Close()
	}
	t.Fatalf("services: no loopback address has the ports %v free (below 1024 they need root)", ports)
	return ""
}

func free(address string, ports []int) bool {
	for _, p := range ports {
		l, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(p)))
		if err != nil {
			return false
		}
		l.Close()
	}
	return true
}
