package awsproxy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// acm says of a certificate that is asked for with options that it cannot be exported, unless it is said: moto 5.2 takes the options as
// they come, and answers no list of certificates any more once one has none about its export. AWS takes DISABLED (ACM API Reference,
// CertificateOptions).
func (p *Proxy) acm() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") != "CertificateManager.RequestCertificate" {
			p.forward.ServeHTTP(w, r)
			return
		}
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			writeError(w, fmt.Errorf("read the request: %w", err))
			return
		}
		if options, ok := body["Options"].(map[string]any); ok && options["Export"] == nil {
			options["Export"] = "DISABLED"
		}
		changed, err := json.Marshal(body)
		if err != nil {
			writeError(w, fmt.Errorf("write the request: %w", err))
			return
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
		p.forward.ServeHTTP(w, r)
	})
}
