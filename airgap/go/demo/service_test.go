package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func environment(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func start(t *testing.T, values map[string]string) *httptest.Server {
	t.Helper()
	s, err := readSettings(environment(values))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(newService(s, http.DefaultClient))
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, uri string, headers map[string]string) (int, answer) {
	t.Helper()
	request, _ := http.NewRequest(http.MethodGet, uri, nil)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var said answer
	if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	if said.Code != response.StatusCode {
		t.Errorf("code %d in the body, %d as status", said.Code, response.StatusCode)
	}
	return response.StatusCode, said
}

func TestAnswersWithNameBodyAndUpstreams(t *testing.T) {
	catalog := start(t, map[string]string{"NAME": "catalog", "MESSAGE": `[{"id":1}]`})
	webapp := start(t, map[string]string{"NAME": "webapp", "MESSAGE": "hello", "UPSTREAM_URIS": catalog.URL + "/items, "})
	code, said := get(t, webapp.URL+"/api/catalog", nil)
	upstream := said.Upstreams[catalog.URL+"/items"]
	if code != 200 || said.Name != "webapp" || said.URI != "/api/catalog" || said.Type != "HTTP" || string(said.Body) != `"hello"` {
		t.Errorf("%d %+v", code, said)
	}
	if len(said.Upstreams) != 1 || upstream.Name != "catalog" || upstream.Code != 200 || !strings.Contains(string(upstream.Body), `"id": 1`) {
		t.Errorf("%+v %s", upstream, upstream.Body)
	}
}

func TestFailingUpstreamsMakeItA500(t *testing.T) {
	broken := start(t, map[string]string{"NAME": "broken", "ERROR_RATE": "1", "ERROR_CODE": "503"})
	gone := httptest.NewServer(nil)
	gone.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no healthy upstream", http.StatusServiceUnavailable)
	}))
	defer plain.Close()
	for uri, code := range map[string]int{broken.URL: 503, gone.URL: -1, plain.URL: 503} {
		front := start(t, map[string]string{"UPSTREAM_URIS": uri})
		status, said := get(t, front.URL, nil)
		if status != 500 || said.Upstreams[uri].Code != code || said.Upstreams[uri].Error == "" || said.Error == "" {
			t.Errorf("%s: %d %+v", uri, status, said)
		}
	}
}

func TestErrorRateIsExact(t *testing.T) {
	for rate, want := range map[string]int{"": 0, "0": 0, "0.25": 5, "0.5": 10, "1": 20} {
		server := start(t, map[string]string{"ERROR_RATE": rate, "ERROR_CODE": "418"})
		failed := 0
		for range 20 {
			if code, _ := get(t, server.URL, nil); code == 418 {
				failed++
			}
		}
		if failed != want {
			t.Errorf("rate %q: %d of 20 failed, not %d", rate, failed, want)
		}
	}
}

func TestPassesTracesOnAndNothingElse(t *testing.T) {
	seen := make(chan http.Header, 1)
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- r.Header }))
	defer upstream.Close()
	front := start(t, map[string]string{"UPSTREAM_URIS": upstream.URL})
	get(t, front.URL, map[string]string{"X-Request-Id": "7", "Authorization": "secret"})
	if h := <-seen; h.Get("X-Request-Id") != "7" || h.Get("Authorization") != "" {
		t.Errorf("%v", h)
	}
}

func TestHealthIsFineEvenWhenEverythingFails(t *testing.T) {
	server := start(t, map[string]string{"ERROR_RATE": "1"})
	for _, path := range []string{"/health", "/ready"} {
		response, err := http.Get(server.URL + path)
		if err != nil || response.StatusCode != 200 {
			t.Errorf("%s: %v %v", path, response, err)
		}
	}
}

func TestDefaults(t *testing.T) {
	s, err := readSettings(environment(nil))
	if err != nil || s.name != "Service" || string(s.body) != `"Hello World"` || s.listen != "0.0.0.0:9090" || s.errorCode != 500 {
		t.Errorf("%+v %v", s, err)
	}
}

func TestRefusesWhatMakesNoSense(t *testing.T) {
	for name, values := range map[string][]string{
		"UPSTREAM_URIS": {"catalog:80", "ftp://catalog", "http://", "grpc://x:1"},
		"ERROR_RATE":    {"10%", "-0.1", "1.1", "NaN"},
		"ERROR_CODE":    {"x", "200", "99", "600"},
	} {
		for _, value := range values {
			if _, err := readSettings(environment(map[string]string{name: value})); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
}
