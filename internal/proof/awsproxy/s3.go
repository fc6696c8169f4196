package awsproxy

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// s3 keeps bucket policies, and leaves the rest to moto: moto 5.2 applies the statements of a policy without their conditions, so that
// one which denies what comes without TLS denies everything. Here policies are kept and shown, and not applied.
func (p *Proxy) s3() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bucket, object, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
		if !r.URL.Query().Has("policy") || bucket == "" || object != "" {
			p.forward.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			writeError(w, fmt.Errorf("read the request: %w", err))
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		at := key("s3", "policies", bucket)
		kept := text(p.store.documents[at], "policy")
		switch {
		case r.Method == http.MethodPut:
			p.store.documents[at] = document{"policy": string(body)}
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodDelete:
			delete(p.store.documents, at)
			w.WriteHeader(http.StatusNoContent)
		case kept == "":
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusNotFound)
			// A client that has gone away is its own affair.
			_, _ = fmt.Fprintf(w, "<Error><Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not "+
				"exist</Message><BucketName>%s</BucketName></Error>", escape(bucket))
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, kept)
		}
	})
}
