package provision

import "time"

// SetImportTime is for tests alone; it answers what sets it back.
func SetImportTime(d time.Duration) func() {
	old := importTime
	importTime = d
	return func() { importTime = old }
}
