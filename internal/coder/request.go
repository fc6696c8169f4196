package coder

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"coderaws/internal/diagnostic"
)

// The headers that carry coderd's tokens.
const (
	sessionHeader     = "Coder-Session-Token"
	provisionerHeader = "Coder-Provisioner-Daemon-Key"
)

// mostAnswer bounds what is read of an answer, in bytes. The largest are the logs of an import and lists of a hundred users.
const mostAnswer = 16 << 20

// request is one call of the API.
type request struct {
	method, path string
	// body is sent as JSON, or as it is with the content type raw if it is bytes.
	body any
	raw  string
	// key authenticates as a provisioner instead of as a user.
	key string
	// session is the token of another session than the client's own.
	session string
	// accept are the statuses of success.
	accept []int
	// into gets the JSON of the answer; nil for none.
	into any
	// repeatable says that doing it twice is as good as doing it once, so that it may be tried again even if nobody knows whether coderd
	// has seen it.
	repeatable bool
}

// The first pause between attempts and the longest.
const (
	firstPause = time.Second
	mostPause  = 15 * time.Second
)

// do carries out a request, again and again while coderd is starting, as long as there is patience. Errors are *Error for answers, and
// *UnreachableError where there was none.
func (c *Client) do(ctx context.Context, r request) error {
	body, contentType, err := encode(r)
	if err != nil {
		return err
	}
	patience, pause := c.options.Patience, firstPause
	for {
		again, err := c.attempt(ctx, r, body, contentType)
		if err == nil || again < 0 || ctx.Err() != nil {
			return err
		}
		next := max(again, pause)
		if next > patience {
			return err
		}
		if waitErr := c.options.Wait(ctx, next); waitErr != nil {
			return errors.Join(err, waitErr)
		}
		patience -= next
		pause = min(2*pause, mostPause)
	}
}

func encode(r request) (body []byte, contentType string, err error) {
	if r.raw != "" {
		bytes, ok := r.body.([]byte)
		if !ok {
			return nil, "", fmt.Errorf("the body of %s %s is no bytes", r.method, r.path)
		}
		return bytes, r.raw, nil
	}
	if r.body == nil {
		return nil, "", nil
	}
	body, err = json.Marshal(r.body)
	if err != nil {
		return nil, "", fmt.Errorf("write the body of %s %s: %w", r.method, r.path, err)
	}
	return body, "application/json", nil
}

// never says that there is no use in trying again.
const never time.Duration = -1

// attempt sends a request once. again is how long to wait at least before the next attempt, or never.
func (c *Client) attempt(ctx context.Context, r request, body []byte, contentType string) (again time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, r.method, c.base.String()+r.path, bytes.NewReader(body))
	if err != nil {
		return never, fmt.Errorf("ask coderd for %s: %w", r.path, err)
	}
	req.Header.Set("Accept", "application/json")
	if c.options.Agent != "" {
		req.Header.Set("User-Agent", c.options.Agent)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	c.mu.Lock()
	token := c.token
	c.mu.Unlock()
	switch {
	case r.key != "":
		req.Header.Set(provisionerHeader, r.key)
	case r.session != "":
		req.Header.Set(sessionHeader, r.session)
	case token != "":
		req.Header.Set(sessionHeader, token)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return c.unanswered(r, err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return c.unanswered(r, err)
	}
	for _, status := range r.accept {
		if resp.StatusCode == status {
			return never, c.decode(r, resp, text)
		}
	}
	return pauseFor(resp, r), c.refusal(r, resp, text)
}

// decode reads the JSON of an answer. Numbers stay as they are written: the claims of a licence are compared.
func (c *Client) decode(r request, resp *http.Response, text []byte) error {
	if r.into == nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(r.into); err != nil {
		return &Error{Method: r.method, Path: r.path, Status: resp.StatusCode,
			Message: "the answer is not what coderd answers: " + c.redact(err.Error()), foreign: true}
	}
	return nil
}

// unanswered is the error of a request that got no answer. What surely never arrived may be sent again. Who dials may know already that
// there is no use in it, and what to do: such a diagnostic is the error.
func (c *Client) unanswered(r request, err error) (time.Duration, error) {
	var noWay *diagnostic.Diagnostic
	if errors.As(err, &noWay) {
		return never, noWay
	}
	failure := &UnreachableError{URL: c.base.String(), Path: r.path, err: err, text: c.redact(err.Error())}
	var dialling *net.OpError
	begun := !errors.As(err, &dialling) || dialling.Op != "dial"
	if failure.untrusted() || begun && !r.repeatable {
		return never, failure
	}
	return 0, failure
}

// pauseFor is how long to wait before an answer is asked for again.
func pauseFor(resp *http.Response, r request) time.Duration {
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		if err != nil || seconds < 0 {
			return 0
		}
		return time.Duration(seconds) * time.Second
	case http.StatusBadGateway, http.StatusGatewayTimeout:
		if r.repeatable {
			return 0
		}
	}
	return never
}

// refusal reads an answer that is no success.
func (c *Client) refusal(r request, resp *http.Response, text []byte) error {
	failure := &Error{Method: r.method, Path: r.path, Status: resp.StatusCode}
	var answer struct {
		Message     string `json:"message"`
		Detail      string `json:"detail"`
		Validations []struct {
			Field  string `json:"field"`
			Detail string `json:"detail"`
		} `json:"validations"`
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Message == "" {
		failure.foreign, failure.Message = true, "the answer is not coderd's: "+http.StatusText(resp.StatusCode)
		return failure
	}
	failure.Message, failure.Detail = c.redact(answer.Message), c.redact(answer.Detail)
	for _, v := range answer.Validations {
		failure.Detail = strings.TrimPrefix(failure.Detail+"; "+c.redact(v.Field+": "+v.Detail), "; ")
	}
	return failure
}
