package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

// studioServer serves the studio as production does.
func studioServer(t *testing.T) *httptest.Server {
	t.Helper()
	assets, err := ownAssets()
	require.NoError(t, err)
	if assets.program("studio") == "" {
		t.Skip("not built: make dev")
	}
	e := echo.New()
	require.NoError(t, registerStudio(e, assets))
	e.GET("/web/*", assets.serve)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server
}

func TestStudioReachesNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	status, header, body := w.raw("GET", studioPath, "", "", "")

	require.Equal(t, http.StatusOK, status)
	policy := header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'; ")
	require.Contains(t, policy, "; connect-src 'self'; ")
	require.Contains(t, policy, "form-action 'none'; frame-ancestors 'none'")
	require.NotContains(t, policy, "http")
	require.NotContains(t, policy, "unsafe-inline")
	require.Contains(t, string(body), "Layout studio")
}

// writeLayout is a file with a layout without our widget, some of it wrong.
func writeLayout(t *testing.T, dir string) (path string, text []byte) {
	t.Helper()
	d, err := layout.Generate(layout.Options{Script: layout.ScriptURL(layout.SampleServer)})
	require.NoError(t, err)
	d, err = layout.Remove(d)
	require.NoError(t, err)
	text = []byte(strings.Replace(string(d.Bytes()), `"notificationTimer": 8`, `"notificationTimer": "8"`, 1))
	path = filepath.Join(dir, "team.json")
	require.NoError(t, os.WriteFile(path, text, 0o600))
	return path, text
}

func TestStudioPlacesTheWidget(t *testing.T) {
	t.Parallel()
	server, dir := studioServer(t), t.TempDir()
	path, text := writeLayout(t, dir)
	ctx := openBrowser(t, "")
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	navigate(t, ctx, server.URL+studioPath)
	eventually(t, ctx, `document.getElementById("save")`)
	_, err := chromedp.CallBrowser(ctx, cdbrowser.SetDownloadBehavior, cdbrowser.SetDownloadBehaviorParams{
		Behavior: cdbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir,
	})
	require.NoError(t, err)
	require.Equal(t, server.URL, evaluate[string](t, ctx, `document.getElementById("field-server").value`))
	openFile := func(path string) {
		t.Helper()
		require.NoError(t, chromedp.Do(ctx, chromedp.SetUploadFiles("#file", []string{path})))
	}
	press := func(id string) {
		t.Helper()
		evaluate[bool](t, ctx, fmt.Sprintf(`document.getElementById(%q).click(), true`, id))
	}
	shoot := pictures(t, ctx)
	shoot("new")

	openFile(path)
	eventually(t, ctx, `document.getElementById("file-name")?.textContent === "team.json"`)
	require.Contains(t, evaluate[string](t, ctx, `document.getElementById("problems").textContent`), "agent.notificationTimer")
	eventually(t, ctx, `document.getElementById("says").textContent.startsWith("team.json: 1 ")`)
	press("place-headless")
	press("role-supervisor")
	evaluate[bool](t, ctx, `((f) => { f.value = "eu1"; f.dispatchEvent(new Event("change", { bubbles: true })) })(document.getElementById("field-datacenter")), true`)
	eventually(t, ctx, `document.querySelector(".diff").textContent.includes('"datacenter": "eu1"')`)
	shoot("insert")
	evaluate[bool](t, ctx, `document.querySelector(".skip").click(), true`)
	eventually(t, ctx, `location.hash === "#result" && document.getElementById("file-name").textContent === "team.json"`)
	press("save")

	d, err := layout.Parse(text)
	require.NoError(t, err)
	want, err := layout.Insert(d, layout.Options{
		Script: layout.ScriptURL(server.URL), Datacenter: "eu1",
		Roles: []layout.RoleName{layout.Agent, layout.SupervisorAgent}, Places: []layout.Place{layout.Panel},
	})
	require.NoError(t, err)
	saved := filepath.Join(dir, "team.deskbridge.json")
	require.Eventually(t, func() bool {
		got, err := os.ReadFile(saved)
		return err == nil && len(got) >= len(want.Bytes())
	}, 10*time.Second, 20*time.Millisecond)
	got, err := os.ReadFile(saved)
	require.NoError(t, err)
	require.Equal(t, string(want.Bytes()), string(got))

	// What cannot be read leaves it all as it is.
	bad := filepath.Join(dir, "bad.json")
	require.NoError(t, os.WriteFile(bad, text[:300], 0o600))
	openFile(bad)
	eventually(t, ctx, `document.getElementById("trouble")?.textContent.includes("team.json stays open")`)
	require.Equal(t, "eu1", evaluate[string](t, ctx, `document.getElementById("field-datacenter").value`))
	shoot("bad")

	// The result can be taken back.
	openFile(saved)
	eventually(t, ctx, `document.getElementById("unchanged")`)
	press("action-remove")
	eventually(t, ctx, `document.getElementById("summary")?.textContent.startsWith("0 lines added") && !document.getElementById("widget")`)
	shoot("remove")
	drop(t, ctx, "dropped.json", strings.ReplaceAll(string(text), `"agentx-webex"`, `"agentx-custom-desktop", "script": "https://cx-crmconnector.ciscoccservice.com/salesforce/v1/dist/index.js", "properties": {"outDialAni": "+49301", "crmLibPath": "x", "mine": "1"}`))
	eventually(t, ctx, `document.getElementById("conversions")?.textContent.includes("outdialAni")`)
	shoot("convert")

	evaluate[bool](t, ctx, `document.querySelector("details").open = true,
		((f) => { f.value = "wide"; f.dispatchEvent(new Event("change", { bubbles: true })) })(document.getElementById("field-panelWidth")), true`)
	eventually(t, ctx, `document.getElementById("field-panelWidth").ariaInvalid === "true" && document.getElementById("change").textContent.includes("marked")`)
	shoot("properties")

	for _, scheme := range []string{"light", "dark"} {
		inScheme(t, ctx, scheme)
		evaluate[bool](t, ctx, string(axeScript(t))+`;true`)
		evaluate[bool](t, ctx, `window.axed = null, axe.run(document).then((r) => { axed = r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target)) }), true`)
		eventually(t, ctx, `window.axed`)
		require.Empty(t, evaluate[[]string](t, ctx, `axed`), scheme)
	}
}

// drop lets a file fall on the page.
func drop(t *testing.T, ctx context.Context, name, text string) {
	t.Helper()
	evaluate[bool](t, ctx, fmt.Sprintf(`((data) => {
		data.items.add(new File([%q], %q));
		for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
	})(new DataTransfer()), true`, text, name))
	eventually(t, ctx, fmt.Sprintf(`document.getElementById("file-name")?.textContent === %q && !document.querySelector(".is-over")`, name))
}

func axeScript(t *testing.T) []byte {
	t.Helper()
	axe, err := os.ReadFile("../web/js/node_modules/axe-core/axe.min.js")
	require.NoError(t, err, "run make setup")
	return axe
}

func inScheme(t *testing.T, ctx context.Context, scheme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(t, err)
}

// pictures looks at the page at two widths in light and dark: nothing may
// stand out at the side. With DESKBRIDGE_PICTURES=folder it keeps what it saw.
func pictures(t *testing.T, ctx context.Context) func(name string) {
	folder := os.Getenv("DESKBRIDGE_PICTURES")
	return func(name string) {
		t.Helper()
		for _, width := range []int64{1280, 480, 400} {
			require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 800)))
			eventually(t, ctx, fmt.Sprintf(`innerWidth === %d && document.documentElement.scrollWidth <= innerWidth`, width))
			for _, scheme := range []string{"light", "dark"} {
				if folder == "" {
					continue
				}
				inScheme(t, ctx, scheme)
				shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("studio-%s-%d-%s.png", name, width, scheme)), shot, 0o600))
			}
		}
	}
}
