package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	timeLayout      = "2006-01-02T15:04:05.000000"
	upstreamTimeout = 30 * time.Second
	largestAnswer   = 1 << 20
)

// passedOn are the headers that tie an upstream call to the request that caused it: proxies and their traces live on them.
var passedOn = []string{
	"X-Request-Id", "Traceparent", "Tracestate", "B3",
	"X-B3-Traceid", "X-B3-Spanid", "X-B3-Parentspanid", "X-B3-Sampled", "X-B3-Flags",
}

// answer is what a service says of itself, in fake-service's shape.
type answer struct {
	Name        string            `json:"name,omitempty"`
	URI         string            `json:"uri,omitempty"`
	Type        string            `json:"type,omitempty"`
	IPAddresses []string          `json:"ip_addresses,omitempty"`
	StartTime   string            `json:"start_time,omitempty"`
	EndTime     string            `json:"end_time,omitempty"`
	Duration    string            `json:"duration,omitempty"`
	Body        json.RawMessage   `json:"body,omitempty"`
	Upstreams   map[string]answer `json:"upstream_calls,omitempty"` // by the upstream's address
	Code        int               `json:"code"`
	Error       string            `json:"error,omitempty"`
}

// service answers requests and asks its upstreams. Safe for concurrent use.
type service struct {
	settings settings
	client   *http.Client
	requests atomic.Int64
}

// newService routes: /health and /ready always answer 200, everything else is the service itself.
func newService(s settings, client *http.Client) http.Handler {
	routes := http.NewServeMux()
	fine := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "OK") }
	routes.HandleFunc("/health", fine)
	routes.HandleFunc("/ready", fine)
	routes.Handle("/", &service{settings: s, client: client})
	return routes
}

// ServeHTTP fails a share of the requests; asks the upstreams for the others. One upstream that fails makes the answer a 500.
func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	a := answer{Name: s.settings.name, URI: r.URL.Path, Type: "HTTP", IPAddresses: addresses(), Code: http.StatusOK}
	if failing(s.requests.Add(1), s.settings.errorRate) {
		a.Code, a.Error = s.settings.errorCode, "error injected by ERROR_RATE"
	} else {
		a.Body = s.settings.body
		a.Upstreams = s.askAll(r)
		for uri, said := range a.Upstreams {
			if said.Code != http.StatusOK {
				a.Code, a.Error = http.StatusInternalServerError, fmt.Sprintf("upstream %s answered %d", uri, said.Code)
			}
		}
	}
	end := time.Now()
	a.StartTime, a.EndTime, a.Duration = start.UTC().Format(timeLayout), end.UTC().Format(timeLayout), end.Sub(start).String()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.Code)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(a); err != nil {
		log.Printf("answer to %s not delivered: %v", r.RemoteAddr, err)
	}
	log.Printf("%s %s for %s: %d in %s %s", r.Method, r.URL.Path, r.Host, a.Code, a.Duration, a.Error)
}

// failing tells whether request number n fails, so that of any n requests exactly the given share, rounded down, did.
func failing(n int64, rate float64) bool {
	return math.Floor(float64(n)*rate) > math.Floor(float64(n-1)*rate)
}

func (s *service) askAll(r *http.Request) map[string]answer {
	if len(s.settings.upstreams) == 0 {
		return nil
	}
	answers := make(map[string]answer, len(s.settings.upstreams))
	var lock sync.Mutex
	var calls sync.WaitGroup
	for _, uri := range s.settings.upstreams {
		calls.Go(func() {
			said := s.ask(r, uri)
			lock.Lock()
			defer lock.Unlock()
			answers[uri] = said
		})
	}
	calls.Wait()
	return answers
}

// ask returns what an upstream said of itself; its code is the HTTP status that arrived, or -1 when none did.
func (s *service) ask(r *http.Request, uri string) answer {
	patience, cancel := context.WithTimeout(r.Context(), upstreamTimeout)
	defer cancel()
	failed := func(err error) answer { return answer{URI: uri, Code: -1, Error: err.Error()} }
	call, err := http.NewRequestWithContext(patience, http.MethodGet, uri, nil)
	if err != nil {
		return failed(err)
	}
	for _, header := range passedOn {
		if value := r.Header.Get(header); value != "" {
			call.Header.Set(header, value)
		}
	}
	response, err := s.client.Do(call)
	if err != nil {
		return failed(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer))
	if err != nil {
		return failed(err)
	}
	var said answer
	if json.Unmarshal(text, &said) != nil {
		// A proxy's error, or a server of another kind: what it wrote is the answer.
		said = answer{Body: message(string(text))}
	}
	said.URI, said.Code = uri, response.StatusCode
	if said.Code != http.StatusOK && said.Error == "" {
		said.Error = response.Status
	}
	return said
}

// addresses lists this machine's own IPv4 addresses.
func addresses() []string {
	var list []string
	found, _ := net.InterfaceAddrs()
	for _, address := range found {
		if network, ok := address.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			list = append(list, network.IP.String())
		}
	}
	return list
}
