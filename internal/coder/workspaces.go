package coder

import (
	"context"
	"fmt"
	"net/http"
)

// Workspace is one that was not deleted, as far as where it is goes.
type Workspace struct {
	Owner, Name string
	// Region is the tag RegionTag of its last build; "" for one that was built without it, beside coderd.
	Region string
}

// String is how Coder's own commands name it.
func (w Workspace) String() string { return w.Owner + "/" + w.Name }

// workspacesPage is how many workspaces are asked for at once: coderd answers with all that it knows of each.
const workspacesPage = 100

// Workspaces lists the workspaces of everybody, dormant ones included. Owners may ask; others are told of their own.
func (c *Client) Workspaces(ctx context.Context) ([]Workspace, error) {
	var all []Workspace
	for {
		var page struct {
			Workspaces []struct {
				Name        string `json:"name"`
				OwnerName   string `json:"owner_name"`
				LatestBuild struct {
					Job struct {
						Tags map[string]string `json:"tags"`
					} `json:"job"`
				} `json:"latest_build"`
			} `json:"workspaces"`
		}
		err := c.do(ctx, request{method: http.MethodGet, path: fmt.Sprintf("/api/v2/workspaces?limit=%d&offset=%d", workspacesPage, len(all)),
			accept: []int{http.StatusOK}, into: &page, repeatable: true})
		if err != nil {
			return nil, err
		}
		for _, w := range page.Workspaces {
			all = append(all, Workspace{w.OwnerName, w.Name, w.LatestBuild.Job.Tags[RegionTag]})
		}
		if len(page.Workspaces) < workspacesPage {
			return all, nil
		}
	}
}
