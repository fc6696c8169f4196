package codertest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// AddUser makes a user behind everybody's back.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addUser(u)
}

func (s *Server) addUser(u User) *User {
	u.ID = s.id()
	s.users = append(s.users, &u)
	return &u
}

// Owner makes an owner who comes in by OIDC and whose session token is Token.
func (s *Server) Owner() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[Token] = s.addUser(User{
		Username: "alice", Email: "alice@example.com", LoginType: "oidc", Owner: true, Seen: lately(),
	})
}

// lately is when those were last seen who were there.
func lately() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// FirstUser is who was made first; the zero User if there is none.
func (s *Server) FirstUser() User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.users) == 0 {
		return User{}
	}
	return *s.users[0]
}

// Sessions is how many sessions are open, without that of Owner.
func (s *Server) Sessions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := len(s.sessions)
	if s.sessions[Token] != nil {
		open--
	}
	return open
}

func (s *Server) userRoutes() {
	s.handle("GET /api/v2/users/first", false, func(w http.ResponseWriter, _ *http.Request, _ *User) {
		if len(s.users) == 0 {
			answer(w, http.StatusNotFound, "The initial user has not been created!", "")
			return
		}
		answer(w, http.StatusOK, "The initial user has already been created!", "")
	})
	s.handle("POST /api/v2/users/first", false, s.postFirstUser)
	s.handle("POST /api/v2/users/login", false, s.login)
	s.handle("POST /api/v2/users/logout", true, func(w http.ResponseWriter, r *http.Request, _ *User) {
		delete(s.sessions, r.Header.Get("Coder-Session-Token"))
		answer(w, http.StatusOK, "Logged out!", "")
	})
	s.handle("GET /api/v2/users/authmethods", false, func(w http.ResponseWriter, _ *http.Request, _ *User) {
		write(w, http.StatusOK, map[string]any{
			"password": map[string]any{"enabled": !s.settings.PasswordsOff},
			"github":   map[string]any{"enabled": false, "default_provider_configured": false},
			"oidc":     map[string]any{"enabled": s.settings.OIDC, "signInText": "", "iconUrl": ""},
		})
	})
	s.handle("GET /api/v2/users/me", true, func(w http.ResponseWriter, _ *http.Request, u *User) { write(w, http.StatusOK, shown(u)) })
	s.handle("GET /api/v2/users", true, s.listUsers)
}

func (s *Server) postFirstUser(w http.ResponseWriter, r *http.Request, _ *User) {
	var body struct{ Username, Email, Password string }
	if !read(w, r, &body) {
		return
	}
	s.secret = append(s.secret, body.Password)
	switch {
	case len(s.users) > 0:
		answer(w, http.StatusConflict, "The initial user has already been created.", "")
	case len(body.Password) < 8 || len(body.Password) > 64:
		write(w, http.StatusBadRequest, map[string]any{
			"message": "Password not strong enough!", "validations": []map[string]string{{"field": "password",
				"detail": "insecure password, try using a longer password"}},
		})
	default:
		u := s.addUser(User{Username: body.Username, Email: body.Email, Password: body.Password, LoginType: "password",
			Owner: true, Seen: lately()})
		write(w, http.StatusCreated, map[string]any{"user_id": u.ID, "organization_id": s.id()})
	}
}

func (s *Server) login(w http.ResponseWriter, r *http.Request, _ *User) {
	var body struct{ Email, Password string }
	if !read(w, r, &body) {
		return
	}
	s.secret = append(s.secret, body.Password)
	i := slices.IndexFunc(s.users, func(u *User) bool { return u.Email == body.Email && u.Password == body.Password })
	switch {
	case i < 0:
		answer(w, http.StatusUnauthorized, "Incorrect email or password.", "")
	case s.settings.PasswordsOff:
		// Owners too, whatever the text of the setting says (coderd/userauth.go, loginRequest).
		answer(w, http.StatusForbidden, "Password authentication is disabled.", "")
	case s.users[i].LoginType != "password":
		answer(w, http.StatusForbidden, `Incorrect login type, attempting to use "password" but user is of login type "`+
			s.users[i].LoginType+`"`, "")
	default:
		token := s.token("session")
		s.sessions[token] = s.users[i]
		write(w, http.StatusCreated, map[string]any{"session_token": token})
	}
}

// listUsers knows the two words of coderd's query language that are asked for.
func (s *Server) listUsers(w http.ResponseWriter, r *http.Request, u *User) {
	if !u.Owner {
		forbidden(w)
		return
	}
	found := []any{}
	for _, user := range s.users {
		match := true
		for word := range strings.FieldsSeq(r.URL.Query().Get("q")) {
			name, value, _ := strings.Cut(word, ":")
			match = match && (name == "login_type" && user.LoginType == value || name == "status" && shown(user)["status"] == value)
		}
		if match {
			found = append(found, shown(user))
		}
	}
	write(w, http.StatusOK, map[string]any{"users": found, "count": len(found)})
}

func shown(u *User) map[string]any {
	roles := []map[string]string{}
	if u.Owner {
		roles = append(roles, map[string]string{"name": "owner", "display_name": "Owner"})
	}
	status := "active"
	if u.Seen.IsZero() {
		status = "dormant"
	}
	return map[string]any{
		"id": u.ID, "username": u.Username, "email": u.Email, "login_type": u.LoginType, "status": status, "last_seen_at": u.Seen, "roles": roles,
	}
}
