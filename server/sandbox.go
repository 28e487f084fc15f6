package main

import (
	"context"
	"errors"
	"io"
)

func runSandbox(context.Context, []string, func(string) string, io.Writer) error {
	return errors.New("sandbox: not built yet")
}

func runEmulators(context.Context, []string, func(string) string, io.Writer) error {
	return errors.New("emulators: not built yet")
}
