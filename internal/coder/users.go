package coder

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// HasFirstUser reports whether anybody is known to coderd; until then, whoever comes first becomes its owner.
func (c *Client) HasFirstUser(ctx context.Context) (bool, error) {
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/users/first", accept: []int{http.StatusOK}, repeatable: true})
	if absent(err) {
		return false, nil
	}
	return err == nil, err
}

// ErrHasFirstUser says that somebody else became the first user meanwhile.
var ErrHasFirstUser = errors.New("coderd has a first user already")

// CreateFirstUser makes the owner, without asking Coder's licensor for a trial. It returns ErrHasFirstUser if there is one.
func (c *Client) CreateFirstUser(ctx context.Context, o Owner) error {
	c.hide(o.Password)
	err := c.do(ctx, request{
		method: http.MethodPost, path: "/api/v2/users/first", accept: []int{http.StatusCreated}, repeatable: true,
		body: map[string]any{"username": o.Username, "email": o.Email, "password": o.Password, "trial": false},
	})
	if status(err) == http.StatusConflict {
		return ErrHasFirstUser
	}
	return err
}

// SignIn signs in with a password; later requests are made by that user. The token that was used before is forgotten.
func (c *Client) SignIn(ctx context.Context, o Owner) error {
	token, err := c.login(ctx, o)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.token = token
	c.mu.Unlock()
	return nil
}

// TryPassword returns no error if coderd takes a password. Later requests are made by whom they were made by before.
func (c *Client) TryPassword(ctx context.Context, o Owner) error {
	token, err := c.login(ctx, o)
	if err != nil {
		return err
	}
	// A session that cannot be ended ends by itself within a day.
	_ = c.do(ctx, request{method: http.MethodPost, path: logoutPath, accept: []int{http.StatusOK}, repeatable: true, session: token})
	return nil
}

// login begins a session.
func (c *Client) login(ctx context.Context, o Owner) (token string, err error) {
	c.hide(o.Password)
	var answer struct {
		SessionToken string `json:"session_token"`
	}
	err = c.do(ctx, request{
		method: http.MethodPost, path: "/api/v2/users/login", accept: []int{http.StatusCreated}, repeatable: true, into: &answer,
		body: map[string]any{"email": o.Email, "password": o.Password},
	})
	c.hide(answer.SessionToken)
	return answer.SessionToken, err
}

const logoutPath = "/api/v2/users/logout"

// SignOut ends the session of SignIn on coderd too.
func (c *Client) SignOut(ctx context.Context) error {
	err := c.do(ctx, request{method: http.MethodPost, path: logoutPath, accept: []int{http.StatusOK}, repeatable: true})
	c.mu.Lock()
	c.token = ""
	c.mu.Unlock()
	return err
}

// SignedIn reports whether requests carry a token.
func (c *Client) SignedIn() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token != ""
}

// User is somebody whom coderd knows.
type User struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Email    string `json:"email"`
	// Status is active, dormant or suspended.
	Status string `json:"status"`
	// LoginType is how the user signs in: password, github, oidc, token or none.
	LoginType string `json:"login_type"`
	// LastSeenAt is when the user was last there; before 1900 for never.
	LastSeenAt time.Time `json:"last_seen_at"`
	Roles      []struct {
		Name string `json:"name"`
	} `json:"roles"`
}

// IsOwner reports whether the user may do everything.
func (u User) IsOwner() bool {
	for _, role := range u.Roles {
		if role.Name == "owner" {
			return true
		}
	}
	return false
}

// HasSignedIn reports whether the user has been there. A user whom an administrator made and who never came has no time at all.
func (u User) HasSignedIn() bool { return u.Status == "active" && u.LastSeenAt.Year() > 1900 }

// Me asks who the token belongs to.
func (c *Client) Me(ctx context.Context) (User, error) {
	var user User
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/users/me", accept: []int{http.StatusOK}, into: &user, repeatable: true})
	return user, err
}

// The size of one page of users, and how many pages are read at most.
const (
	usersPerPage = 100
	mostPages    = 200
)

// Users lists the users whom a query of coderd's own language finds, such as "login_type:oidc status:active". Owners may ask.
func (c *Client) Users(ctx context.Context, query string) ([]User, error) {
	var all []User
	for page := range mostPages {
		var answer struct {
			Users []User `json:"users"`
			Count int    `json:"count"`
		}
		values := url.Values{"q": {query}, "limit": {fmt.Sprint(usersPerPage)}, "offset": {fmt.Sprint(page * usersPerPage)}}
		err := c.do(ctx, request{
			method: http.MethodGet, path: "/api/v2/users?" + values.Encode(), accept: []int{http.StatusOK}, into: &answer, repeatable: true,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, answer.Users...)
		if len(answer.Users) < usersPerPage {
			return all, nil
		}
	}
	return all, nil
}
