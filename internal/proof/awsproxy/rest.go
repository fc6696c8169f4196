package awsproxy

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// apiError is an error as AWS's REST-JSON services answer it.
type apiError struct {
	Status  int
	Code    string
	Message string
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

func invalidParameter(format string, args ...any) error {
	return &apiError{http.StatusBadRequest, "InvalidParameterException", fmt.Sprintf(format, args...)}
}

func invalidRequest(format string, args ...any) error {
	return &apiError{http.StatusBadRequest, "InvalidRequestException", fmt.Sprintf(format, args...)}
}

func inUse(format string, args ...any) error {
	return &apiError{http.StatusConflict, "ResourceInUseException", fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) error {
	return &apiError{http.StatusNotFound, "ResourceNotFoundException", fmt.Sprintf(format, args...)}
}

// call is one decoded request to an operation.
type call struct {
	*http.Request
	caller
	// in is the request's JSON body; empty if it has none.
	in document
}

// at gives the store's key of path segments in the caller's region.
func (c call) at(segments ...string) string { return key(c.region, segments...) }

// operation carries out one API call and gives the answer's body.
type operation func(call) (document, error)

// handle registers op, run under the proxy's lock, for a ServeMux pattern.
func (p *Proxy) handle(mux *http.ServeMux, pattern string, op operation) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { p.carryOut(w, r, op) })
}

// targets carries out operations of a service that names them in a header, and passes all others on to moto.
func (p *Proxy) targets(ops map[string]operation) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := r.Header.Get("X-Amz-Target")
		if op, ok := ops[target[strings.LastIndex(target, ".")+1:]]; ok {
			p.carryOut(w, r, op)
			return
		}
		p.forward.ServeHTTP(w, r)
	})
}

// carryOut decodes a request, runs op under the proxy's lock, and writes the answer.
func (p *Proxy) carryOut(w http.ResponseWriter, r *http.Request, op operation) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		writeError(w, fmt.Errorf("read the request: %w", err))
		return
	}
	c := call{Request: r, caller: callerOf(r), in: document{}}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &c.in); err != nil {
			writeError(w, &apiError{http.StatusBadRequest, "SerializationException", err.Error()})
			return
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	out, err := op(c)
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, out)
}

// pass sends a call with what it holds now on to moto, and gives moto's answer or refusal.
func (p *Proxy) pass(c call) (document, error) {
	var body []byte
	if len(c.in) > 0 {
		var err error
		if body, err = json.Marshal(c.in); err != nil {
			return nil, fmt.Errorf("encode the request: %w", err)
		}
	}
	resp, answer, err := p.relay(c.Request, body)
	if err != nil {
		return nil, err
	}
	out := document{}
	if err := json.Unmarshal(answer, &out); err != nil {
		return nil, fmt.Errorf("decode moto's answer to %s %s, %s: %w", c.Method, c.URL.Path, resp.Status, err)
	}
	if resp.StatusCode != http.StatusOK {
		code := cmp.Or(text(out, "__type"), resp.Header.Get("X-Amzn-Errortype"))
		return nil, &apiError{resp.StatusCode, code, cmp.Or(text(out, "message"), text(out, "Message"))}
	}
	return out, nil
}

func writeJSON(w http.ResponseWriter, status int, body document) {
	encoded, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// A client that has gone away is its own affair: there is nobody left to tell.
	_, _ = w.Write(encoded)
}

// writeError answers err. What is not an apiError is a fault of the proxy or of moto: it goes out as a client error
// that no SDK retries, so that a test fails at once with the reason instead of after minutes without one.
func writeError(w http.ResponseWriter, err error) {
	var api *apiError
	if !errors.As(err, &api) {
		api = &apiError{http.StatusNotImplemented, "ProxyFailure", err.Error()}
	}
	w.Header().Set("X-Amzn-ErrorType", api.Code)
	writeJSON(w, api.Status, document{"__type": api.Code, "message": api.Message})
}

// timestamp is the current time as REST-JSON services write it: seconds since 1970.
func (p *Proxy) timestamp() float64 {
	return float64(p.now().UnixMilli()) / 1000
}
