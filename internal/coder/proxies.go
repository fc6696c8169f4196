package coder

import (
	"context"
	"net/http"
	"net/url"
)

// WorkspaceProxy is a relay near people for what they open in their workspaces, as coderd knows it. The primary is coderd itself.
type WorkspaceProxy struct {
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Icon        string `json:"icon_url"`
}

const workspaceProxies = "/api/v2/workspaceproxies"

// WorkspaceProxy finds a proxy by its name, of which case does not count; nil if there is none. It returns ErrNotPremium where no licence
// grants them.
func (c *Client) WorkspaceProxy(ctx context.Context, name string) (*WorkspaceProxy, error) {
	var found WorkspaceProxy
	err := c.do(ctx, request{method: http.MethodGet, path: workspaceProxies + "/" + url.PathEscape(name), accept: []int{http.StatusOK},
		into: &found, repeatable: true})
	if absent(err) {
		return nil, nil
	}
	return &found, premium(err)
}

// CreateWorkspaceProxy makes a proxy, and returns the token with which it signs in, which coderd shows this once.
func (c *Client) CreateWorkspaceProxy(ctx context.Context, p WorkspaceProxy) (token string, err error) {
	var answer struct {
		Token string `json:"proxy_token"`
	}
	err = c.do(ctx, request{method: http.MethodPost, path: workspaceProxies, accept: []int{http.StatusCreated}, into: &answer,
		body: map[string]any{"name": p.Name, "display_name": p.DisplayName, "icon": p.Icon}})
	c.hide(answer.Token)
	return answer.Token, premium(err)
}

// UpdateWorkspaceProxy gives a proxy other names, and with anew another token: the one before it stops working.
func (c *Client) UpdateWorkspaceProxy(ctx context.Context, p WorkspaceProxy, anew bool) (token string, err error) {
	var answer struct {
		Token string `json:"proxy_token"`
	}
	err = c.do(ctx, request{method: http.MethodPatch, path: workspaceProxies + "/" + url.PathEscape(p.Name), accept: []int{http.StatusOK},
		into: &answer, body: map[string]any{"name": p.Name, "display_name": p.DisplayName, "icon": p.Icon, "regenerate_token": anew}})
	c.hide(answer.Token)
	return answer.Token, premium(err)
}
