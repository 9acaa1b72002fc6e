package mailbox

import "testing"

func TestAmountsReadAsPeopleSayThem(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 kB", 700: "0.7 kB", 50 << 10: "50 kB", 943_719: "0.9 MB", 1 << 20: "1 MB", 950 << 20: "950 MB",
		1 << 30: "1 GB", 45<<30 + 300<<20: "45.3 GB", 50 << 30: "50 GB",
	} {
		if got := amount(bytes); got != want {
			t.Errorf("%d bytes read %q, want %q", bytes, got, want)
		}
	}
}
