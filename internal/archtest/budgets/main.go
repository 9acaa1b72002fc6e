// Command budgets prints the ten functions, files and packages that are
// furthest over their size budgets. It fails on nothing but unreadable source:
// budgets are aims.
package main

import (
	"fmt"
	"os"

	"postroom/internal/archtest"
)

func main() {
	tree, err := archtest.Load(os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, "budgets:", err, "(run it in the repository's root)")
		os.Exit(1)
	}
	sizes := archtest.Budgets(tree)
	fmt.Printf("over the size budgets: %d\n", len(sizes))
	for _, s := range sizes[:min(10, len(sizes))] {
		fmt.Println(" ", s)
	}
}
