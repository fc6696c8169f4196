package codertest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// License makes a licence with claims, signed as badly as a test may.
func License(claims map[string]any) string {
	text, _ := json.Marshal(claims) // claims that are no JSON are a licence that nobody can read
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"EdDSA","kid":"test"}`)) + "." + part(text) + "." + part([]byte("canary-signature"))
}

// Licenses is how many licences this coderd has.
func (s *Server) Licenses() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.licenses)
}

// Key is the value of a provisioner key; "" if there is none of that name.
func (s *Server) Key(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[name]
}

// Tags are those of a provisioner key.
func (s *Server) Tags(name string) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tags[name]
}

// AddDaemon connects a provisioner.
func (s *Server) AddDaemon(d Daemon) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.daemons = append(s.daemons, d)
}

// RemoveDaemons disconnects all provisioners, without a trace.
func (s *Server) RemoveDaemons() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.daemons = nil
}

func (s *Server) premiumRoutes() {
	s.handle("GET /api/v2/organizations/default/provisionerdaemons", true, func(w http.ResponseWriter, _ *http.Request, u *User) {
		if !u.Owner {
			missing(w)
			return
		}
		list := []map[string]any{}
		for _, d := range s.daemons {
			// provisionersdk.MutateTags: an empty tag is none.
			tags := map[string]string{"scope": "organization", "owner": ""}
			for name, value := range d.Tags {
				if value != "" {
					tags[name] = value
				}
			}
			list = append(list, map[string]any{"name": d.Name, "key_name": d.KeyName, "version": d.Version, "status": d.Status, "tags": tags})
		}
		write(w, http.StatusOK, list)
	})
	s.handle("GET /api/v2/entitlements", true, s.entitlements)
	for route, f := range map[string]func(http.ResponseWriter, *http.Request, *User){
		"GET /api/v2/licenses":                                        s.listLicenses,
		"POST /api/v2/licenses":                                       s.postLicense,
		"GET /api/v2/organizations/default/provisionerkeys":           s.listKeys,
		"POST /api/v2/organizations/default/provisionerkeys":          s.postKey,
		"DELETE /api/v2/organizations/default/provisionerkeys/{name}": s.deleteKey,
		"GET /api/v2/provisionerkeys/{provisionerkey}":                s.keyByHeader,
	} {
		signed := !strings.HasPrefix(route, "GET /api/v2/provisionerkeys/")
		s.handle(route, signed, func(w http.ResponseWriter, r *http.Request, u *User) {
			if s.settings.WithoutPremium {
				answer(w, http.StatusNotFound, "Route not found.", "")
				return
			}
			f(w, r, u)
		})
	}
}

func (s *Server) listLicenses(w http.ResponseWriter, _ *http.Request, u *User) {
	list := []map[string]any{}
	for _, l := range s.licenses {
		if u.Owner {
			list = append(list, map[string]any{"id": l.id, "uuid": s.id(), "claims": l.claims})
		}
	}
	write(w, http.StatusOK, list)
}

// postLicense takes what looks like a licence; a part "forged" in it is what coderd's check of the signature finds.
func (s *Server) postLicense(w http.ResponseWriter, r *http.Request, u *User) {
	var body struct{ License string }
	if !u.Owner {
		forbidden(w)
		return
	}
	if !read(w, r, &body) {
		return
	}
	s.secret = append(s.secret, body.License)
	parts := strings.Split(body.License, ".")
	var claims map[string]any
	if len(parts) == 3 {
		if text, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
			decoder := json.NewDecoder(strings.NewReader(string(text)))
			decoder.UseNumber()
			_ = decoder.Decode(&claims) // what cannot be read has no claims
		}
	}
	if claims == nil || claims["forged"] != nil {
		answer(w, http.StatusBadRequest, "Invalid license", "parse license "+body.License+": signature is invalid")
		return
	}
	s.licenses = append(s.licenses, license{len(s.licenses) + 1, claims})
	write(w, http.StatusCreated, map[string]any{"id": len(s.licenses), "uuid": s.id(), "claims": claims})
}

// grants reports whether a licence grants a feature.
func (s *Server) grants(feature string) bool {
	return slices.ContainsFunc(s.licenses, func(l license) bool {
		features, _ := l.claims["features"].(map[string]any)
		_, named := features[feature]
		return named || l.claims["feature_set"] == "premium"
	})
}

func (s *Server) entitlements(w http.ResponseWriter, _ *http.Request, _ *User) {
	features := map[string]any{}
	for _, l := range s.licenses {
		given, _ := l.claims["features"].(map[string]any)
		if limit, ok := given["user_limit"]; ok {
			features["user_limit"] = map[string]any{"entitlement": "entitled", "enabled": true, "limit": limit, "actual": len(s.users)}
		}
	}
	if s.grants("aibridge") {
		features["aibridge"] = map[string]any{"entitlement": "entitled", "enabled": true}
	}
	write(w, http.StatusOK, map[string]any{
		"has_license": len(s.licenses) > 0, "trial": false, "warnings": []string{},
		"errors": append([]string{}, s.settings.EntitlementErrors...), "features": features,
	})
}

// premium answers for a feature that no licence grants.
func (s *Server) premium(w http.ResponseWriter, feature string) bool {
	if s.grants(feature) {
		return true
	}
	words := strings.Fields(lower(feature))
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	answer(w, http.StatusForbidden, strings.Join(words, " ")+" is a Premium feature. Contact sales!", "")
	return false
}

const externalProvisioners = "external_provisioner_daemons"

func (s *Server) listKeys(w http.ResponseWriter, _ *http.Request, _ *User) {
	if !s.premium(w, externalProvisioners) {
		return
	}
	list := []map[string]any{}
	for name := range s.keys {
		list = append(list, map[string]any{"name": name, "tags": map[string]string{}})
	}
	write(w, http.StatusOK, list)
}

func (s *Server) postKey(w http.ResponseWriter, r *http.Request, _ *User) {
	var body struct {
		Name string
		Tags map[string]string
	}
	if !s.premium(w, externalProvisioners) || !read(w, r, &body) {
		return
	}
	if s.keys[body.Name] != "" {
		answer(w, http.StatusConflict, "Provisioner key with name '"+body.Name+"' already exists in organization", "")
		return
	}
	s.keys[body.Name], s.tags[body.Name] = s.token("key"), body.Tags
	write(w, http.StatusCreated, map[string]any{"key": s.keys[body.Name]})
}

func (s *Server) deleteKey(w http.ResponseWriter, r *http.Request, _ *User) {
	if !s.premium(w, externalProvisioners) {
		return
	}
	name := r.PathValue("name")
	if s.keys[name] == "" {
		missing(w)
		return
	}
	delete(s.keys, name)
	w.WriteHeader(http.StatusNoContent)
}

// keyByHeader answers whoever has a key: the path says nothing, the header is the key.
func (s *Server) keyByHeader(w http.ResponseWriter, r *http.Request, _ *User) {
	value := r.Header.Get("Coder-Provisioner-Daemon-Key")
	for name, key := range s.keys {
		if key == value {
			write(w, http.StatusOK, map[string]any{"name": name, "tags": map[string]string{}})
			return
		}
	}
	answer(w, http.StatusUnauthorized, "provisioner daemon key invalid", "")
}
