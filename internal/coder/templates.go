package coder

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Job is the import of a template version.
type Job struct {
	// Status is pending, running, succeeded, canceling, canceled or failed.
	Status string `json:"status"`
	Error  string `json:"error"`
	// ErrorCode is REQUIRED_TEMPLATE_VARIABLES where a variable has no value; mostly empty.
	ErrorCode string `json:"error_code"`
	FileID    string `json:"file_id"`
}

// ended reports whether nothing will come of it any more.
func (j Job) ended() bool {
	return j.Status == "succeeded" || j.Status == "failed" || j.Status == "canceled"
}

// TemplateVersion is one version of a template.
type TemplateVersion struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Job  Job    `json:"job"`
	// Matched are the provisioners that can import it; nil where coderd does not say.
	Matched *struct {
		Count     int `json:"count"`
		Available int `json:"available"`
	} `json:"matched_provisioners"`
}

// KnownTemplate is a template that coderd has.
type KnownTemplate struct {
	ID              string `json:"id"`
	Name            string `json:"name"`
	DisplayName     string `json:"display_name"`
	ActiveVersionID string `json:"active_version_id"`
	Deprecated      bool   `json:"deprecated"`
	// Classic says that forms and tags are made of the text of the template, not of what Terraform makes of it.
	Classic bool `json:"use_classic_parameter_flow"`
	// ActiveUserCount is the number of people with a workspace of it; -1 while coderd counts.
	ActiveUserCount int `json:"active_user_count"`
}

// Parameter is what people are asked when they make a workspace.
type Parameter struct {
	Name         string `json:"name"`
	Type         string `json:"type"`
	DefaultValue string `json:"default_value"`
	Required     bool   `json:"required"`
}

// LogLine is one line of the log of an import.
type LogLine struct {
	ID     int64  `json:"id"`
	Level  string `json:"log_level"`
	Stage  string `json:"stage"`
	Output string `json:"output"`
}

// Templates lists the templates of the default organization.
func (c *Client) Templates(ctx context.Context) ([]KnownTemplate, error) {
	var list []KnownTemplate
	err := c.do(ctx, request{method: http.MethodGet, path: organization + "/templates", accept: []int{http.StatusOK},
		into: &list, repeatable: true})
	return list, err
}

// Template finds a template by its name; nil if there is none.
func (c *Client) Template(ctx context.Context, name string) (*KnownTemplate, error) {
	var t KnownTemplate
	err := c.do(ctx, request{
		method: http.MethodGet, path: organization + "/templates/" + url.PathEscape(name), accept: []int{http.StatusOK},
		into: &t, repeatable: true,
	})
	if absent(err) {
		return nil, nil
	}
	return &t, err
}

// TemplateVersion asks for one version by its identifier.
func (c *Client) TemplateVersion(ctx context.Context, id string) (TemplateVersion, error) {
	var v TemplateVersion
	err := c.do(ctx, request{method: http.MethodGet, path: "/api/v2/templateversions/" + id, accept: []int{http.StatusOK},
		into: &v, repeatable: true})
	return v, err
}

// versionNamed finds a version of a template by its name; nil if there is none.
func (c *Client) versionNamed(ctx context.Context, template, name string) (*TemplateVersion, error) {
	var v TemplateVersion
	err := c.do(ctx, request{
		method: http.MethodGet, path: "/api/v2/templates/" + template + "/versions/" + url.PathEscape(name),
		accept: []int{http.StatusOK}, into: &v, repeatable: true,
	})
	if absent(err) {
		return nil, nil
	}
	return &v, err
}

// Parameters lists what a version asks people.
func (c *Client) Parameters(ctx context.Context, version string) ([]Parameter, error) {
	var list []Parameter
	err := c.do(ctx, request{
		method: http.MethodGet, path: "/api/v2/templateversions/" + version + "/rich-parameters",
		accept: []int{http.StatusOK}, into: &list, repeatable: true,
	})
	return list, err
}

// importLog are the lines of an import after one.
func (c *Client) importLog(ctx context.Context, version string, after int64) ([]LogLine, error) {
	var lines []LogLine
	path := "/api/v2/templateversions/" + version + "/logs"
	if after > 0 {
		path += fmt.Sprintf("?after=%d", after)
	}
	err := c.do(ctx, request{method: http.MethodGet, path: path, accept: []int{http.StatusOK}, into: &lines, repeatable: true})
	for i := range lines {
		lines[i].Output = c.redact(lines[i].Output)
	}
	return lines, err
}

// upload gives coderd an archive. The same one again is the same file.
func (c *Client) upload(ctx context.Context, archive []byte) (id string, err error) {
	var answer struct {
		ID string `json:"hash"`
	}
	err = c.do(ctx, request{
		method: http.MethodPost, path: "/api/v2/files", body: archive, raw: "application/x-tar",
		accept: []int{http.StatusCreated, http.StatusOK}, into: &answer,
		repeatable: true,
	})
	return answer.ID, err
}

// createVersion begins the import of a file. template is empty for one that is not there yet.
func (c *Client) createVersion(ctx context.Context, template, name, file string, variables map[string]string) (TemplateVersion, error) {
	values := []map[string]string{}
	for _, variable := range slices.Sorted(maps.Keys(variables)) {
		values = append(values, map[string]string{"name": variable, "value": variables[variable]})
	}
	body := map[string]any{
		"name": name, "message": "Pushed by coderaws", "storage_method": "file", "file_id": file, "provisioner": "terraform",
		"tags":                 map[string]string{},
		"user_variable_values": values,
	}
	if template != "" {
		body["template_id"] = template
	}
	var v TemplateVersion
	err := c.do(ctx, request{
		method: http.MethodPost, path: organization + "/templateversions", accept: []int{http.StatusCreated}, body: body, into: &v,
	})
	return v, err
}

// createTemplate makes a template of its first version.
func (c *Client) createTemplate(ctx context.Context, t *Template, version string) error {
	body := map[string]any{
		"name": t.Name, "display_name": t.DisplayName, "description": t.Description, "icon": t.Icon, "template_version_id": version,
	}
	for name, duration := range map[string]time.Duration{"default_ttl_ms": t.Autostop, "activity_bump_ms": t.ActivityBump} {
		if duration > 0 {
			body[name] = duration.Milliseconds()
		}
	}
	return c.do(ctx, request{
		method: http.MethodPost, path: organization + "/templates", accept: []int{http.StatusCreated, http.StatusOK}, body: body,
	})
}

// promote makes a version the one that new workspaces get.
func (c *Client) promote(ctx context.Context, template, version string) error {
	return c.do(ctx, request{
		method: http.MethodPatch, path: "/api/v2/templates/" + template + "/versions", accept: []int{http.StatusOK},
		body: map[string]any{"id": version}, repeatable: true,
	})
}
