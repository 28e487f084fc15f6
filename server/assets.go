package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"deskbridge/web"
)

// stylesName is the one style sheet that styleSheets make up, in this order.
const stylesName = "styles.css"

var styleSheets = []string{"tokens.css", "icons.css", "panel.css", "screens.css", "calls.css", "pages.css"}

// assets is everything under web/static, in memory.
type assets struct {
	plain    map[string]asset  // By path under static.
	hashed   map[string]asset  // By the same path with the content's hash in it.
	urls     map[string]string // Path to hashed path.
	programs map[string]string // Name of a wasm program to hashed path.
}

// asset is one file in the encodings in which it can be sent.
type asset struct {
	contentType string
	etag        string
	identity    []byte // Nil where only gzip is kept.
	gzip, br    []byte
}

// ownAssets are those in this program: read and compressed once.
var ownAssets = sync.OnceValues(func() (*assets, error) { return openAssets(web.Files) })

// openAssets reads files, which has a folder static. What the build made is
// described by static/build/manifest.json; without it there are no programs.
func openAssets(files fs.FS) (*assets, error) {
	a := &assets{plain: map[string]asset{}, hashed: map[string]asset{}, urls: map[string]string{}, programs: map[string]string{}}
	root, err := fs.Sub(files, "static")
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind := contentType(name)
		if kind == "" { // A page shell, or what openPrograms reads.
			return nil
		}
		body, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		a.add(name, plainAsset(kind, body))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	if err := a.openPrograms(root); err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	sheet, err := joinStyles(root)
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	a.add(stylesName, plainAsset(contentType(stylesName), sheet))
	return a, nil
}

// contentType knows what is served as it lies there.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css", ".js", ".svg", ".png", ".woff2":
		return mime.TypeByExtension(path.Ext(name))
	}
	return ""
}

// plainAsset keeps body and, where it is smaller, its gzip form.
func plainAsset(kind string, body []byte) asset {
	sum := sha256.Sum256(body)
	a := asset{contentType: kind, etag: `"` + hex.EncodeToString(sum[:8]) + `"`, identity: body}
	var out bytes.Buffer
	// Neither the level nor a write into memory can be refused.
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(body)
	_ = w.Close()
	if out.Len() < len(body) {
		a.gzip = out.Bytes()
	}
	return a
}

func (a *assets) add(name string, file asset) {
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "." + strings.Trim(file.etag, `"`) + ext
	a.plain[name], a.hashed[hashed], a.urls[name] = file, file, hashed
}

// openPrograms reads the wasm programs, which the build has compressed: raw
// they are 7 MB, so they are kept in two encodings only.
func (a *assets) openPrograms(root fs.FS) error {
	text, err := fs.ReadFile(root, "build/manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var manifest map[string]struct {
		File string `json:"file"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("manifest.json: %w", err)
	}
	for name, program := range manifest {
		file := asset{contentType: "application/wasm", etag: `"` + program.File + `"`}
		if file.br, err = fs.ReadFile(root, "build/"+program.File+".br"); err != nil {
			return err
		}
		if file.gzip, err = fs.ReadFile(root, "build/"+program.File+".gz"); err != nil {
			return err
		}
		a.hashed["build/"+program.File] = file
		a.programs[name] = "build/" + program.File
	}
	return nil
}

// joinStyles makes one sheet of all, with the pictures in it: a frame that is
// loaded with every navigation should not ask for fifty files.
func joinStyles(root fs.FS) ([]byte, error) {
	var sheet []byte
	for _, name := range styleSheets {
		b, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		sheet = append(append(sheet, b...), '\n')
	}
	icons, err := fs.Glob(root, "icons/*.svg")
	if err != nil {
		return nil, err
	}
	for _, icon := range icons {
		svg, err := fs.ReadFile(root, icon)
		if err != nil {
			return nil, err
		}
		data := `url("data:image/svg+xml,` + url.PathEscape(strings.TrimSpace(string(svg))) + `")`
		sheet = bytes.ReplaceAll(sheet, []byte(`url("`+icon+`")`), []byte(data))
	}
	return sheet, nil
}

// url is the address under which a file may be cached for ever; empty if there
// is none.
func (a *assets) url(name string) string {
	if hashed, ok := a.urls[name]; ok {
		return "/web/" + hashed
	}
	return ""
}

// program is the address of a wasm program, app or pages; empty before it has
// been built.
func (a *assets) program(name string) string {
	if hashed, ok := a.programs[name]; ok {
		return "/web/" + hashed
	}
	return ""
}

// serve sends the file in the best encoding that the browser takes.
func (f asset) serve(c echo.Context) error {
	r, w := c.Request(), c.Response()
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("ETag", f.etag)
	h.Add("Vary", "Accept-Encoding")
	if slices.Contains(strings.FieldsFunc(r.Header.Get("If-None-Match"), isListSpace), f.etag) {
		return c.NoContent(http.StatusNotModified)
	}
	body := f.identity
	switch accept := r.Header.Get("Accept-Encoding"); {
	case f.br != nil && accepts(accept, "br"):
		body = f.br
		h.Set("Content-Encoding", "br")
	case f.gzip != nil && accepts(accept, "gzip"):
		body = f.gzip
		h.Set("Content-Encoding", "gzip")
	case body == nil:
		unpacked, err := gunzip(f.gzip)
		if err != nil {
			return fmt.Errorf("static: %w", err)
		}
		body = unpacked
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write(body) // A browser that hung up is no error of ours.
	return nil
}

func isListSpace(r rune) bool { return r == ',' || r == ' ' }

// accepts reads Accept-Encoding: whether coding is in the list without q=0.
func accepts(header, coding string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(one, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, found := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && weight > 0
	}
	return false
}

func gunzip(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
