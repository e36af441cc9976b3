// Writes the Helm charts that Istio's module embeds to a folder: base, istiod and gateway, each ready for `helm template`.
//
// Usage: charts FOLDER
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"istio.io/istio/manifests"
)

// charts maps a chart's name in the outside world to its folder in the module.
var charts = map[string]string{
	"base":    "charts/base",
	"istiod":  "charts/istio-control/istio-discovery",
	"gateway": "charts/gateway",
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "charts:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("expected one argument, the folder to write to")
	}
	for name, source := range charts {
		if err := write(source, filepath.Join(args[0], name)); err != nil {
			return fmt.Errorf("chart %s: %w", name, err)
		}
	}
	return nil
}

// write copies one embedded folder. The embedded files carry no modes, so plain ones are given.
func write(source, target string) error {
	folder, err := fs.Sub(manifests.FS, source)
	if err != nil {
		return err
	}
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(target, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(to, 0o755)
		}
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		return os.WriteFile(to, content, 0o644)
	})
}
