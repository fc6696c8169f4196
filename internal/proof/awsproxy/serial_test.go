package awsproxy

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestOneRequestAtATime holds that moto never sees two requests at once, however many come.
func TestOneRequestAtATime(t *testing.T) {
	var running, most atomic.Int32
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if now := running.Add(1); now > most.Load() {
			most.Store(now)
		}
		time.Sleep(2 * time.Millisecond)
		running.Add(-1)
		_, _ = io.WriteString(w, "done")
	}))
	defer backend.Close()
	at, err := url.Parse(backend.URL)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(New(Options{Backend: at}))
	defer front.Close()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			resp, err := http.Get(front.URL + "/")
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			if text, err := io.ReadAll(resp.Body); err != nil || string(text) != "done" {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
	all.Wait()
	if most.Load() != 1 {
		t.Errorf("%d requests at once", most.Load())
	}
}
