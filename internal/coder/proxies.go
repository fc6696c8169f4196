package coder

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
)

// WorkspaceProxy is a relay near people for what they open in their workspaces, as coderd knows it. The primary is coderd itself.
type WorkspaceProxy struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	Icon        string `json:"icon_url"`
}

const workspaceProxies = "/api/v2/workspaceproxies"

// globe is the icon of a proxy that has none: coderd takes one without when it is made, and not when it is changed.
const globe = "/emojis/1f310.png"

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

// DeleteWorkspaceProxy takes a proxy away: it stops, as its token counts no more. That there is none is no error.
func (c *Client) DeleteWorkspaceProxy(ctx context.Context, name string) error {
	err := c.do(ctx, request{method: http.MethodDelete, path: workspaceProxies + "/" + url.PathEscape(name),
		accept: []int{http.StatusOK, http.StatusNoContent}, repeatable: true})
	if absent(err) {
		return nil
	}
	return premium(err)
}

// RenewWorkspaceProxy gives a proxy another token: the one before it stops working. Its names stay, which coderd wants to be told.
func (c *Client) RenewWorkspaceProxy(ctx context.Context, p WorkspaceProxy) (token string, err error) {
	var answer struct {
		Token string `json:"proxy_token"`
	}
	err = c.do(ctx, request{method: http.MethodPatch, path: workspaceProxies + "/" + url.PathEscape(p.Name), accept: []int{http.StatusOK},
		into: &answer, body: map[string]any{"id": p.ID, "name": p.Name, "display_name": cmp.Or(p.DisplayName, p.Name),
			"icon": cmp.Or(p.Icon, globe), "regenerate_token": true}})
	c.hide(answer.Token)
	return answer.Token, premium(err)
}
