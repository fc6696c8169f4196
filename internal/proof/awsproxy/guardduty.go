package awsproxy

import (
	"net/http"
	"slices"
)

// guardduty mends the change of a detector: AWS changes the features that a call names and leaves the others, and moto 5.2 takes those
// of the call for all that there are.
func (p *Proxy) guardduty() http.Handler {
	mux := http.NewServeMux()
	p.handle(mux, "POST /detector/{detector}", p.updateDetector)
	mux.Handle("/", p.forward)
	return mux
}

func (p *Proxy) updateDetector(c call) (document, error) {
	if c.in["features"] != nil {
		asked := call{Request: c.Clone(c.Context()), caller: c.caller}
		asked.Method = http.MethodGet
		detector, err := p.pass(asked)
		if err != nil {
			return nil, err
		}
		named := func(feature any) any {
			d, _ := feature.(document)
			return d["name"]
		}
		others := slices.DeleteFunc(list(detector, "features"), func(old any) bool {
			return slices.ContainsFunc(list(c.in, "features"), func(new any) bool { return named(new) == named(old) })
		})
		c.in["features"] = append(others, list(c.in, "features")...)
	}
	return p.pass(c)
}
