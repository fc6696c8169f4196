//go:build unix

package e2e_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// The client that the identity provider knows coderd as.
const (
	clientID     = "coder"
	clientSecret = "the identity provider's secret"
)

// issuer is an OpenID Connect identity provider at which whoever is named is signed in already.
type issuer struct {
	*httptest.Server
	t   *testing.T
	key *rsa.PrivateKey
	// name is who signs in next.
	name string
}

// startIssuer starts an identity provider on the loopback interface.
func startIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{t: t, key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"userinfo_endpoint": i.URL + "/userinfo", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.answer(w, map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1",
			"n": base64.RawURLEncoding.EncodeToString(key.N.Bytes()), "e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		back := r.FormValue("redirect_uri") + "?" + url.Values{"code": {"1"}, "state": {r.FormValue("state")}}.Encode()
		http.Redirect(w, r, back, http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, ok := r.BasicAuth()
		if ok {
			id, _ = url.QueryUnescape(id)
			secret, _ = url.QueryUnescape(secret)
		} else {
			id, secret = r.FormValue("client_id"), r.FormValue("client_secret")
		}
		if id != clientID || secret != clientSecret {
			w.WriteHeader(http.StatusUnauthorized)
			i.answer(w, map[string]any{"error": "invalid_client"})
			return
		}
		i.answer(w, map[string]any{"access_token": "1", "token_type": "Bearer", "expires_in": 3600, "id_token": i.sign(i.claims())})
	})
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, _ *http.Request) { i.answer(w, i.claims()) })
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(value); err != nil {
		i.t.Error(err)
	}
}

// claims are what it says of whoever signs in.
func (i *issuer) claims() map[string]any {
	now := time.Now()
	return map[string]any{
		"iss": i.URL, "aud": clientID, "sub": i.name, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"preferred_username": i.name, "email": i.name + "@example.com", "email_verified": true,
	}
}

// sign makes a JSON Web Token.
func (i *issuer) sign(claims map[string]any) string {
	part := func(value any) string {
		text, err := json.Marshal(value)
		if err != nil {
			i.t.Error(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	text := part(map[string]string{"alg": "RS256", "kid": "1", "typ": "JWT"}) + "." + part(claims)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	if err != nil {
		i.t.Error(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// signIn signs somebody in to a coderd by this provider, as a browser does. Cookies are carried by hand: they are for https alone.
func (i *issuer) signIn(coderd, name string) *session {
	i.t.Helper()
	i.name = name
	follower := http.Client{Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	cookies := map[string]*http.Cookie{}
	next := coderd + "/api/v2/users/oidc/callback"
	for range 3 {
		request, err := http.NewRequestWithContext(i.t.Context(), http.MethodGet, next, nil)
		if err != nil {
			i.t.Fatal(err)
		}
		for _, cookie := range cookies {
			request.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
		}
		response, err := follower.Do(request)
		if err != nil {
			i.t.Fatal(err)
		}
		_ = response.Body.Close()
		for _, cookie := range response.Cookies() {
			if cookies[cookie.Name] = cookie; !cookie.Secure {
				i.t.Errorf("the cookie %s would go over http as well", cookie.Name)
			}
		}
		if token, has := cookies["coder_session_token"]; has {
			return &session{t: i.t, url: coderd, token: token.Value}
		}
		if next = response.Header.Get("Location"); next == "" {
			i.t.Fatalf("%s leads nowhere: %s", request.URL.Path, response.Status)
		}
	}
	i.t.Fatalf("%s is not signed in after %s", name, next)
	return nil
}
