package e2e

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"postroom/internal/app"
	"postroom/test/house"
)

func TestMain(m *testing.M) { house.Main(m) }

// TestKill: kill -9 in the middle of deliveries, again and again. Every message
// answered with 250 is there exactly once, and the server starts again
// (reliability rows 1, 2, 11).
func TestKill(t *testing.T) { killStory(t, nil) }

// TestKillOnPostgresAndS3 is the same over a database and a bucket.
func TestKillOnPostgresAndS3(t *testing.T) { killStory(t, onServices(t)) }

func killStory(t *testing.T, change func(*app.Config)) {
	c := house.Config(t, t.TempDir())
	if change != nil {
		change(&c)
	}
	rounds := 20
	if n, err := strconv.Atoi(os.Getenv("TORTURE_ROUNDS")); err == nil && n > 0 {
		rounds = n
	}
	var ledger house.Ledger
	for range rounds {
		child := house.Start(t, c)
		var wg sync.WaitGroup
		enough := make(chan struct{}, 1)
		want := len(ledger.All()) + 5 + rand.IntN(40)
		for range 6 {
			wg.Go(func() {
				ledger.DeliverUntilGone(child.Endpoints, func(taken int) bool {
					if taken >= want {
						select {
						case enough <- struct{}{}:
						default:
						}
					}
					return true
				})
			})
		}
		select {
		case <-enough:
		case <-time.After(30 * time.Second):
			t.Error("no messages were taken")
		}
		child.Kill()
		wg.Wait()
	}
	child := house.Start(t, c)
	found := ledger.Check(t, child.Endpoints)
	t.Logf("%d rounds, %d answered with 250, %d found", rounds, len(ledger.All()), found)
}
