package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// settings is what the environment says, with fake-service's defaults.
type settings struct {
	name      string
	body      json.RawMessage // MESSAGE as it is when it is JSON, else as a JSON string
	upstreams []string
	listen    string
	errorRate float64 // share of requests that fail, 0 to 1
	errorCode int     // status of a failed request
}

// readSettings reads the environment; a value that makes no sense is an error that names its variable.
func readSettings(getenv func(string) string) (settings, error) {
	s := settings{
		name:      orElse(getenv("NAME"), "Service"),
		body:      message(orElse(getenv("MESSAGE"), "Hello World")),
		listen:    orElse(getenv("LISTEN_ADDR"), "0.0.0.0:9090"),
		errorCode: 500,
	}
	for _, text := range strings.Split(getenv("UPSTREAM_URIS"), ",") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		if u, err := url.Parse(text); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return s, fmt.Errorf("UPSTREAM_URIS: %q is not an http or https address", text)
		}
		s.upstreams = append(s.upstreams, text)
	}
	if text := getenv("ERROR_RATE"); text != "" {
		rate, err := strconv.ParseFloat(text, 64)
		if err != nil || !(rate >= 0 && rate <= 1) {
			return s, fmt.Errorf("ERROR_RATE: %q is not a number from 0 to 1", text)
		}
		s.errorRate = rate
	}
	if text := getenv("ERROR_CODE"); text != "" {
		code, err := strconv.Atoi(text)
		if err != nil || code < 400 || code > 599 {
			return s, fmt.Errorf("ERROR_CODE: %q is not an HTTP status from 400 to 599", text)
		}
		s.errorCode = code
	}
	return s, nil
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func message(text string) json.RawMessage {
	if json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	quoted, _ := json.Marshal(text) // a string always can be
	return quoted
}
