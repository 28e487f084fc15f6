package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// walkSignIn goes through the sign-in pages as a browser would, for a widget
// that was opened with a login hint and has nobody to press a button. It
// confirms at the end as the person in the window would. Sandbox only.
func walkSignIn(own string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		var body struct {
			URL string `json:"url"`
		}
		if err := json.NewDecoder(io.LimitReader(r.Body, 4096)).Decode(&body); err != nil {
			http.Error(rw, `{"error":"url is required"}`, http.StatusBadRequest)
			return
		}
		start, err := url.Parse(body.URL)
		if err != nil || start.Path != "/auth/login" {
			http.Error(rw, `{"error":"only the sign-in page can be walked"}`, http.StatusBadRequest)
			return
		}
		if err := walk(r, own+start.RequestURI(), own); err != nil {
			http.Error(rw, `{"error":"sign-in did not come through"}`, http.StatusBadGateway)
			return
		}
		rw.WriteHeader(http.StatusNoContent)
	}
}

// confirmField finds the hidden secret of the confirmation form.
var confirmField = regexp.MustCompile(`name="([a-z]+)"[^>]*value="([^"]+)"`)

func walk(r *http.Request, start, own string) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, start, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	page, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	_ = resp.Body.Close()
	if err != nil {
		return err
	}
	form := url.Values{}
	for _, m := range confirmField.FindAllStringSubmatch(string(page), -1) {
		form.Set(m[1], m[2])
	}
	req, err = http.NewRequestWithContext(r.Context(), http.MethodPost, own+"/auth/confirm", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", own)
	resp, err = client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}
