// Demo is the small HTTP server of the demo's workloads. It speaks the part of fake-service's environment contract that the demo
// uses: NAME, MESSAGE, UPSTREAM_URIS, LISTEN_ADDR, ERROR_RATE and ERROR_CODE. Every path but /health and /ready gets a JSON answer
// that says who answered and what each upstream said.
package main

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	settings, err := readSettings(os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{
		Addr:              settings.listen,
		Handler:           newService(settings, http.DefaultClient),
		ReadHeaderTimeout: 10 * time.Second,
	}
	stopped, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		<-stopped.Done()
		patience, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = server.Shutdown(patience)
	}()
	log.Printf("%s listens on %s, upstreams %v", settings.name, settings.listen, settings.upstreams)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-drained
}
