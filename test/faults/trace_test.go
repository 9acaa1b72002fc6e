package faults

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A recording of what a process asked of its disk, by strace, in order. Its
// clock is the line of the trace: a call has one when it begins and one when it
// has ended.

type kind uint8

const (
	opWrite kind = iota
	opTruncate
	opCreate
	opMkdir
	opRename
	opRemove
	opSync
	opSay // bytes to a socket
)

type call struct {
	kind       kind
	path, to   string
	at         int64 // -1: at the end (O_APPEND, write)
	data       []byte
	size       int64
	begin, end int
}

// traced is what the recorder watches: all by which files and names change.
const traced = "trace=write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,sync_file_range," +
	"open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,lseek,mmap"

var traceLine = regexp.MustCompile(`^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$`)

// readTrace reads a trace. Only what lies below dir or goes to a socket counts.
func readTrace(t *testing.T, file, dir string) (calls []*call, lines int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 256<<20)
	open := map[string]string{} // by thread: the line that is not finished
	began := map[string]int{}
	for ; in.Scan(); lines++ {
		m := traceLine.FindStringSubmatch(in.Text())
		if m == nil {
			continue
		}
		thread, name, rest := m[1], m[3], m[4]
		begin := lines
		if m[2] != "" {
			name, rest, begin = m[2], open[thread]+rest, began[thread]
			delete(open, thread)
		} else if cut, ok := strings.CutSuffix(rest, "<unfinished ...>"); ok {
			open[thread], began[thread] = cut, lines
			continue
		}
		c, err := parseCall(name, rest, dir)
		if err != nil {
			t.Fatalf("line %d of the trace: %v: %.300s", lines+1, err, in.Text())
		}
		if c != nil {
			c.begin, c.end = begin, lines
			calls = append(calls, c)
		}
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	// What was under way at the end has no result and is left out: the trace is
	// used up to a moment before.
	slices.SortFunc(calls, func(a, b *call) int { return a.begin - b.begin })
	return calls, lines
}

// parseCall turns a finished call into what it did; nil: nothing that counts.
func parseCall(name, rest, dir string) (*call, error) {
	i := strings.LastIndex(rest, " = ")
	if i < 0 {
		return nil, nil
	}
	result := rest[i+3:]
	if strings.HasPrefix(result, "-1") || strings.HasPrefix(result, "?") {
		return nil, nil
	}
	n, err := strconv.ParseInt(result[:strings.IndexFunc(result+" ", func(r rune) bool { return r < '0' || r > '9' })], 10, 64)
	if err != nil && name != "mmap" {
		return nil, err
	}
	args := splitArgs(strings.TrimSuffix(strings.TrimSpace(rest[:i]), ")"))
	fdPath := func(arg string) string { _, path, _ := strings.Cut(arg, "<"); return strings.TrimSuffix(path, ">") }
	below := func(path string) bool {
		return strings.HasPrefix(path, dir+"/") && !strings.HasSuffix(path, "-shm") && !strings.HasSuffix(path, "(deleted)")
	}
	text := func(arg string) string { return string(unquote(arg)) }
	switch name {
	case "write", "pwrite64":
		path := fdPath(args[0])
		if strings.HasPrefix(path, "socket:") || strings.HasPrefix(path, "TCP:") {
			return &call{kind: opSay, data: unquote(args[1])}, nil
		}
		if !below(path) {
			return nil, nil
		}
		c := &call{kind: opWrite, path: path, at: -1, data: unquote(args[1])}
		if int64(len(c.data)) < n {
			return nil, fmt.Errorf("%d of %d bytes", len(c.data), n)
		}
		c.data = c.data[:n]
		if name == "pwrite64" {
			c.at, err = strconv.ParseInt(args[3], 10, 64)
		}
		return c, err
	case "fsync", "fdatasync":
		if path := fdPath(args[0]); below(path) || path == dir {
			return &call{kind: opSync, path: path}, nil
		}
	case "ftruncate":
		if path := fdPath(args[0]); below(path) {
			size, err := strconv.ParseInt(args[1], 10, 64)
			return &call{kind: opTruncate, path: path, size: size}, err
		}
	case "open", "openat":
		if name == "openat" {
			args = args[1:]
		}
		if path := text(args[0]); below(path) && strings.Contains(args[1], "O_CREAT") {
			return &call{kind: opCreate, path: path}, nil
		}
	case "mkdir", "mkdirat":
		if name == "mkdirat" {
			args = args[1:]
		}
		if path := text(args[0]); below(path) {
			return &call{kind: opMkdir, path: path}, nil
		}
	case "rename", "renameat", "renameat2":
		from, to := args[0], args[1]
		if name != "rename" {
			from, to = args[1], args[3]
		}
		if path := text(from); below(path) {
			return &call{kind: opRename, path: path, to: text(to)}, nil
		}
	case "unlink", "unlinkat":
		if name == "unlinkat" {
			args = args[1:]
		}
		if path := text(args[0]); below(path) {
			return &call{kind: opRemove, path: path}, nil
		}
	case "lseek", "mmap":
		// Looked at only so that a way of writing that is not replayed is found.
		if name == "mmap" && strings.Contains(rest, "PROT_WRITE") && strings.Contains(rest, "MAP_SHARED") && strings.Contains(rest, "<"+dir) && !strings.Contains(rest, "-shm>") {
			return nil, fmt.Errorf("a file is written by memory")
		}
	default:
		if strings.Contains(rest, dir) {
			return nil, fmt.Errorf("%s is not replayed", name)
		}
	}
	return nil, nil
}

// splitArgs cuts at commas outside of strings and of <…> behind a descriptor.
func splitArgs(s string) (args []string) {
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			args = append(args, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return append(args, strings.TrimSpace(s[start:]))
}

// unquote is the reverse of strace's strings.
func unquote(s string) []byte {
	s = strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`)
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		switch c := s[i]; c {
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case 'r':
			out = append(out, '\r')
		case 'v':
			out = append(out, '\v')
		case 'f':
			out = append(out, '\f')
		default:
			if c < '0' || c > '7' {
				out = append(out, c)
				continue
			}
			v := 0
			j := i
			for ; j < len(s) && j < i+3 && s[j] >= '0' && s[j] <= '7'; j++ {
				v = v*8 + int(s[j]-'0')
			}
			out = append(out, byte(v))
			i = j - 1
		}
	}
	return out
}
