package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"deskbridge/pkg/layout"
)

const layoutUsage = `server layout check [FILE]              say what is wrong with a desktop layout
server layout insert -url URL [FILE]    place the widget in it, or bring it up to date there
server layout remove [FILE]             take the widget out again
server layout convert -url URL [FILE]   replace one of Cisco's CRM connectors by the widget
server layout generate -url URL         write a new layout

Without FILE, or with -, the layout is read from the standard input. The result
goes to the standard output or to -o FILE, what there is to say to the standard
error. The exit code is 0; 1 if the layout has errors or could not be edited; 2
if it could not be read or the command is wrong.`

// An exit is an error with an exit code of its own.
type exit struct {
	error
	code int
}

func (e exit) Unwrap() error { return e.error }

// exitCode is what the process ends with.
func exitCode(err error) int {
	if e := (exit{}); errors.As(err, &e) {
		return e.code
	}
	return 1
}

// layoutFlags are what `server layout …` takes.
type layoutFlags struct {
	options       layout.Options
	url, out      string
	roles, places string
	settings      []string
	file          string
}

// runLayout is `server layout …`.
func runLayout(args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) error {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch name {
	case "check", "insert", "remove", "convert", "generate":
	case "-h", "-help", "--help", "help":
		fmt.Fprintln(stdout, layoutUsage)
		return nil
	default:
		return exit{fmt.Errorf("unknown command %q:\n%s", "layout "+name, layoutUsage), 2}
	}
	f, err := readLayoutFlags(name, args, getenv, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return exit{err, 2}
	}
	var old *layout.Document
	if name != "generate" {
		if old, err = openLayout(f.file, stdin); err != nil {
			return exit{err, 2}
		}
	}
	if name == "check" {
		return checkLayout(old, stdout)
	}
	d, err := editLayout(name, old, f.options, stderr)
	if err != nil {
		return exit{err, 1}
	}
	for _, p := range layout.Check(d) {
		if p.Severity != layout.Note {
			fmt.Fprintln(stderr, p)
		}
	}
	if f.out == "" || f.out == "-" {
		_, err = stdout.Write(d.Bytes())
	} else {
		err = os.WriteFile(f.out, d.Bytes(), 0o644)
	}
	if err != nil {
		return exit{err, 2}
	}
	return nil
}

func checkLayout(d *layout.Document, stdout io.Writer) error {
	problems := layout.Check(d)
	count := map[layout.Severity]int{}
	for _, p := range problems {
		fmt.Fprintln(stdout, p)
		count[p.Severity]++
	}
	fmt.Fprintf(stdout, "errors: %d, warnings: %d, notes: %d\n", count[layout.Error], count[layout.Warning], count[layout.Note])
	if layout.Broken(problems) {
		return exit{errors.New("the layout has errors"), 1}
	}
	return nil
}

func editLayout(name string, d *layout.Document, o layout.Options, stderr io.Writer) (*layout.Document, error) {
	switch name {
	case "insert":
		return layout.Insert(d, o)
	case "remove":
		return layout.Remove(d)
	case "convert":
		next, told, err := layout.Convert(d, o)
		for _, c := range told {
			fmt.Fprintln(stderr, c)
		}
		return next, err
	default:
		return layout.Generate(o)
	}
}

func readLayoutFlags(name string, args []string, getenv func(string) string, stderr io.Writer) (layoutFlags, error) {
	var f layoutFlags
	flags := flag.NewFlagSet("layout "+name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	widget := name == "insert" || name == "convert" || name == "generate"
	if name != "check" {
		flags.StringVar(&f.out, "o", "", "write to this `file` instead of the standard output")
	}
	if widget {
		flags.StringVar(&f.url, "url", getenv("DESKBRIDGE_PUBLIC_URL"), "the server's public `URL`; by default DESKBRIDGE_PUBLIC_URL")
		flags.StringVar(&f.options.Datacenter, "datacenter", "", "the data centre, such as eu1; by default the one the Desktop names")
		flags.StringVar(&f.options.Label, "label", "", "what tab and button say; by default HubSpot")
		flags.StringVar(&f.roles, "roles", "", "some of agent,supervisor,supervisorAgent; by default all that the layout has")
		flags.Func("set", "a property as `name=value`; several times for several", func(s string) error {
			f.settings = append(f.settings, s)
			return nil
		})
	}
	if name == "insert" || name == "generate" {
		flags.StringVar(&f.places, "places", "", "some of panel,page,header,headless; by default panel,headless")
	}
	if err := flags.Parse(args); err != nil {
		return f, err
	}
	if flags.NArg() > 1 || name == "generate" && flags.NArg() > 0 {
		return f, fmt.Errorf("too many arguments: %s", strings.Join(flags.Args(), " "))
	}
	f.file = flags.Arg(0)
	if !widget {
		return f, nil
	}
	if f.url == "" {
		return f, errors.New("-url or DESKBRIDGE_PUBLIC_URL is missing: the address under which the Desktop reaches this server")
	}
	f.options.Script = layout.ScriptURL(f.url)
	for _, r := range split(f.roles) {
		f.options.Roles = append(f.options.Roles, layout.RoleName(r))
	}
	for _, p := range split(f.places) {
		f.options.Places = append(f.options.Places, layout.Place(p))
	}
	f.options.Settings = map[string]any{}
	for _, s := range f.settings {
		key, value, ok := strings.Cut(s, "=")
		if !ok {
			return f, fmt.Errorf("-set %s: write name=value", s)
		}
		f.options.Settings[key] = layoutValue(key, value)
	}
	return f, f.options.Validate()
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

// layoutValue is a value of the command line: JSON, unless the property is a
// text or it is no JSON.
func layoutValue(name, text string) any {
	for _, p := range layout.Properties {
		if p.Name == name && p.Type == layout.Text {
			return text
		}
	}
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	return value
}

// openLayout reads a layout from a file or the standard input.
func openLayout(file string, stdin io.Reader) (*layout.Document, error) {
	in := stdin
	if file != "" && file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer opened.Close()
		in = opened
	}
	text, err := io.ReadAll(io.LimitReader(in, layout.MaxSize+1))
	if err != nil {
		return nil, err
	}
	return layout.Parse(text)
}
