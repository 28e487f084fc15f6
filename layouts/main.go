// Command layouts writes the layouts of this folder: `make layouts`.
package main

import (
	"log"
	"os"
	"path/filepath"

	"deskbridge/pkg/layout"
)

func main() {
	for _, sample := range layout.Samples() {
		d, err := layout.Generate(sample.Options)
		if err == nil {
			err = os.WriteFile(filepath.Join("layouts", sample.Name), d.Bytes(), 0o644)
		}
		if err != nil {
			log.Fatalf("%s: %v", sample.Name, err)
		}
	}
}
