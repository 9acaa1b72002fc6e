package sqldb

import (
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite writes a commit into its log page by page, a header and a page in turn:
// with small transactions that is most of what a commit costs. The VFS of this
// name is SQLite's own, but a log that the writer opened gathers the writes that
// follow one another and hands them down together, at the latest when SQLite
// syncs, which synchronous=FULL makes it do before anybody may read them.
const logVFS = "postroom-log"

const logBuffer = 127 << 10 // bytes gathered at most: xWrite takes less than 128 KiB

// logFile is the log of one connection, which calls it from one goroutine at a time.
type logFile struct {
	below   sqlite3.Tsqlite3_io_methods // SQLite's own
	pending []byte
	at      int64 // where pending begins
}

var (
	logFiles   sync.Map // address of an open sqlite3_file → *logFile
	logBelow   sqlite3.Tsqlite3_vfs
	logMethods *sqlite3.Tsqlite3_io_methods
	logFirst   sync.Once // fills logMethods, when the first log is opened
	gather     = sync.OnceValue(registerLogVFS)
)

// registerLogVFS makes the VFS known; false where the system is not one for it.
func registerLogVFS() bool {
	tls := libc.NewTLS()
	defer tls.Close()
	below := sqlite3.Xsqlite3_vfs_find(tls, 0)
	name, err := libc.CString(logVFS) // for good, as the VFS
	if below == 0 || err != nil {
		return false
	}
	logBelow = *at[sqlite3.Tsqlite3_vfs](below)
	size := unsafe.Sizeof(logBelow)
	vfs, methods := libc.Xmalloc(tls, sqlite3.Tsize_t(size)), libc.Xmalloc(tls, sqlite3.Tsize_t(unsafe.Sizeof(*logMethods)))
	if vfs == 0 || methods == 0 {
		return false
	}
	v := at[sqlite3.Tsqlite3_vfs](vfs)
	*v = logBelow
	v.FpNext, v.FzName, v.FxOpen = 0, name, function(logOpen)
	logMethods = at[sqlite3.Tsqlite3_io_methods](methods)
	return sqlite3.Xsqlite3_vfs_register(tls, vfs, 0) == sqlite3.SQLITE_OK
}

// at is what lies at an address that C code gave.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// function is the address by which C code calls f, which is no closure.
func function[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// called is the C function at an address.
func called[F any](address uintptr) F { return *(*F)(unsafe.Pointer(&address)) }

type (
	openFunc  = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	moveFunc  = func(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32
	fileFunc  = func(tls *libc.TLS, file uintptr) int32
	syncFunc  = func(tls *libc.TLS, file uintptr, flags int32) int32
	truncFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	sizeFunc  = func(tls *libc.TLS, file, size uintptr) int32
)

// logOpen is xOpen.
func logOpen(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	rc := called[openFunc](logBelow.FxOpen)(tls, vfs, name, file, flags, out)
	f := at[sqlite3.Tsqlite3_file](file)
	if rc != sqlite3.SQLITE_OK || flags&sqlite3.SQLITE_OPEN_WAL == 0 || f.FpMethods == 0 {
		return rc
	}
	l := &logFile{below: *at[sqlite3.Tsqlite3_io_methods](f.FpMethods), pending: make([]byte, 0, logBuffer)}
	logFiles.Store(file, l)
	logFirst.Do(func() { // the methods below do not differ between logs
		m := l.below
		m.FxClose, m.FxRead, m.FxWrite = function(logClose), function(logRead), function(logWrite)
		m.FxTruncate, m.FxSync, m.FxFileSize = function(logTruncate), function(logSync), function(logSize)
		*logMethods = m
	})
	f.FpMethods = uintptr(unsafe.Pointer(logMethods))
	return rc
}

func logOf(file uintptr) *logFile {
	l, _ := logFiles.Load(file)
	return l.(*logFile)
}

// flush hands down what was gathered. What fails is forgotten: SQLite takes the
// transaction back.
func (l *logFile) flush(tls *libc.TLS, file uintptr) int32 {
	if len(l.pending) == 0 {
		return sqlite3.SQLITE_OK
	}
	rc := called[moveFunc](l.below.FxWrite)(tls, file, uintptr(unsafe.Pointer(unsafe.SliceData(l.pending))), int32(len(l.pending)), l.at)
	l.pending = l.pending[:0]
	return rc
}

// logWrite is xWrite.
func logWrite(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if len(l.pending)+int(n) > cap(l.pending) || offset != l.at+int64(len(l.pending)) {
		if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
			return rc
		}
		l.at = offset
	}
	if int(n) > cap(l.pending) {
		l.at = offset + int64(n)
		return called[moveFunc](l.below.FxWrite)(tls, file, buf, n, offset)
	}
	l.pending = append(l.pending, unsafe.Slice(at[byte](buf), n)...)
	return sqlite3.SQLITE_OK
}

// logRead is xRead.
func logRead(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[moveFunc](l.below.FxRead)(tls, file, buf, n, offset)
}

// logSync is xSync.
func logSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[syncFunc](l.below.FxSync)(tls, file, flags)
}

// logTruncate is xTruncate.
func logTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[truncFunc](l.below.FxTruncate)(tls, file, size)
}

// logSize is xFileSize.
func logSize(tls *libc.TLS, file, size uintptr) int32 {
	l := logOf(file)
	if rc := l.flush(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return called[sizeFunc](l.below.FxFileSize)(tls, file, size)
}

// logClose is xClose.
func logClose(tls *libc.TLS, file uintptr) int32 {
	l := logOf(file)
	logFiles.Delete(file)
	flushed := l.flush(tls, file)
	if rc := called[fileFunc](l.below.FxClose)(tls, file); rc != sqlite3.SQLITE_OK {
		return rc
	}
	return flushed
}
