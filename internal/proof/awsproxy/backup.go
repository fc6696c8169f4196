package awsproxy

import (
	"net/http"
	"strings"
)

// backup answers the selections of AWS Backup plans, which moto lacks (its route for plans takes every path below
// them and fails with 500), and the recovery points of vaults, of which it makes none. Vaults, plans and tags stay with moto.
func (p *Proxy) backup() http.Handler {
	mux := http.NewServeMux()
	for _, end := range []string{"", "/{$}"} {
		p.handle(mux, "PUT /backup/plans/{plan}/selections"+end, p.createBackupSelection)
		p.handle(mux, "GET /backup/plans/{plan}/selections"+end, p.listBackupSelections)
		p.handle(mux, "GET /backup/plans/{plan}/selections/{selection}"+end, p.getBackupSelection)
		p.handle(mux, "DELETE /backup/plans/{plan}/selections/{selection}"+end, p.deleteBackupSelection)
		p.handle(mux, "GET /backup-vaults/{vault}/recovery-points"+end, p.listRecoveryPoints)
	}
	mux.Handle("/", p.forward)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/backup/plans/") || strings.HasPrefix(r.URL.Path, "/backup-vaults/") {
			mux.ServeHTTP(w, r)
			return
		}
		// moto's ListTags takes the last but one part of the path for the ARN: it counts on a slash at the end, which
		// the Go SDK does not send, and finds no tags.
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/tags/") && !strings.HasSuffix(r.URL.Path, "/") {
			r = r.Clone(r.Context())
			r.URL.Path += "/"
			if r.URL.RawPath != "" {
				r.URL.RawPath += "/"
			}
		}
		p.forward.ServeHTTP(w, r)
	})
}

// listRecoveryPoints answers what a vault has before it is destroyed with all in it: no backup runs against an emulator.
func (p *Proxy) listRecoveryPoints(call) (document, error) {
	return document{"RecoveryPoints": []any{}}, nil
}

func (p *Proxy) createBackupSelection(c call) (document, error) {
	id := p.store.newUUID()
	d := document{
		"BackupPlanId": c.PathValue("plan"), "SelectionId": id, "CreationDate": p.timestamp(),
		"BackupSelection": c.in["BackupSelection"],
	}
	p.store.documents[c.at("backup", c.PathValue("plan"), id)] = d
	return pick(d, "BackupPlanId", "SelectionId", "CreationDate"), nil
}

func (p *Proxy) backupSelection(c call) (document, error) {
	if d, ok := p.store.documents[c.at("backup", c.PathValue("plan"), c.PathValue("selection"))]; ok {
		return d, nil
	}
	// The provider takes this code and text, and no other, for a selection that is gone.
	return nil, &apiError{http.StatusBadRequest, "InvalidParameterValueException", "Cannot find Backup selection"}
}

func (p *Proxy) getBackupSelection(c call) (document, error) {
	return p.backupSelection(c)
}

func (p *Proxy) listBackupSelections(c call) (document, error) {
	selections := []any{}
	for _, d := range p.store.children(c.at("backup", c.PathValue("plan"))) {
		summary := pick(d, "BackupPlanId", "SelectionId", "CreationDate")
		summary["SelectionName"] = object(d, "BackupSelection")["SelectionName"]
		summary["IamRoleArn"] = object(d, "BackupSelection")["IamRoleArn"]
		selections = append(selections, summary)
	}
	return document{"BackupSelectionsList": selections}, nil
}

func (p *Proxy) deleteBackupSelection(c call) (document, error) {
	if _, err := p.backupSelection(c); err != nil {
		return nil, err
	}
	p.store.removeTree(c.at("backup", c.PathValue("plan"), c.PathValue("selection")))
	return document{}, nil
}
