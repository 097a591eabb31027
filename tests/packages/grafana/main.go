// Reads a dashboard by Grafana's own schema: what is missing, unknown or of another type is told. grafana FILE.
package main

import (
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func judge(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	plugins.RegisterDefaultPlugins()
	var read dashboard.Dashboard
	// An error without a word is a list of none.
	if err := read.UnmarshalJSONStrict(text); err != nil && err.Error() != "" {
		return err
	}
	if err := read.Validate(); err != nil {
		return err
	}
	if len(read.Panels) == 0 {
		return fmt.Errorf("no panels")
	}
	return nil
}

func main() {
	if err := judge(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, os.Args[1], "is not as Grafana's schema wants it:", err)
		os.Exit(1)
	}
}
