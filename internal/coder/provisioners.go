package coder

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

// organization is the one that every coderd has; further ones are a feature of Premium and none of ours.
const organization = "/api/v2/organizations/default"

// ErrNotPremium says that a licence is missing, or that the one there is does not grant what was asked for.
var ErrNotPremium = errors.New("the licence does not grant it")

// ProvisionerKeys lists the names of the keys that external provisioners sign in with. It returns ErrNotPremium where
// no licence grants them.
func (c *Client) ProvisionerKeys(ctx context.Context) ([]string, error) {
	var keys []struct {
		Name string `json:"name"`
	}
	err := c.do(ctx, request{method: http.MethodGet, path: organization + "/provisionerkeys", accept: []int{http.StatusOK},
		into: &keys, repeatable: true})
	names := make([]string, len(keys))
	for i, key := range keys {
		names[i] = key.Name
	}
	return names, premium(err)
}

// CreateProvisionerKey issues a key: with tags, provisioners take jobs that ask for no others; without, those that ask for none. coderd
// shows it this once.
func (c *Client) CreateProvisionerKey(ctx context.Context, name string, tags map[string]string) (string, error) {
	var answer struct {
		Key string `json:"key"`
	}
	err := c.do(ctx, request{
		method: http.MethodPost, path: organization + "/provisionerkeys", accept: []int{http.StatusCreated}, into: &answer,
		body: map[string]any{"name": name, "tags": tags},
	})
	c.hide(answer.Key)
	return answer.Key, premium(err)
}

// DeleteProvisionerKey takes a key back. That there is none is no error.
func (c *Client) DeleteProvisionerKey(ctx context.Context, name string) error {
	err := c.do(ctx, request{
		method: http.MethodDelete, path: organization + "/provisionerkeys/" + url.PathEscape(name),
		accept: []int{http.StatusNoContent, http.StatusOK}, repeatable: true,
	})
	if absent(err) {
		return nil
	}
	return premium(err)
}

// ProvisionerKeyName asks under which name coderd knows a key; "" if it does not know it. The key goes into a header: paths are logged.
func (c *Client) ProvisionerKeyName(ctx context.Context, key string) (string, error) {
	c.hide(key)
	var answer struct {
		Name string `json:"name"`
	}
	err := c.do(ctx, request{
		method: http.MethodGet, path: "/api/v2/provisionerkeys/current", key: key, accept: []int{http.StatusOK}, into: &answer, repeatable: true,
	})
	if code := status(err); code == http.StatusUnauthorized || code == http.StatusBadRequest {
		return "", nil
	}
	return answer.Name, err
}

// premium turns coderd's "... is a Premium feature" into ErrNotPremium, and so the missing route of a coderd that was built without these
// features.
func premium(err error) error {
	if code := status(err); code == http.StatusForbidden || code == http.StatusNotFound {
		return errors.Join(ErrNotPremium, err)
	}
	return err
}

// ProvisionerDaemon is one that is connected, or was.
type ProvisionerDaemon struct {
	Name    string `json:"name"`
	KeyName string `json:"key_name"`
	Version string `json:"version"`
	// Tags are scope and owner, and those of the key.
	Tags map[string]string `json:"tags"`
	// Status is idle, busy or offline.
	Status string `json:"status"`
}

// Connected reports whether it can take jobs, or has one.
func (p ProvisionerDaemon) Connected() bool { return p.Status == "idle" || p.Status == "busy" }

// ProvisionerDaemons lists provisioners, built-in ones included. Owners and template administrators may ask.
func (c *Client) ProvisionerDaemons(ctx context.Context) ([]ProvisionerDaemon, error) {
	var daemons []ProvisionerDaemon
	err := c.do(ctx, request{
		method: http.MethodGet, path: organization + "/provisionerdaemons?limit=500", accept: []int{http.StatusOK},
		into: &daemons, repeatable: true,
	})
	return daemons, err
}
