package lifecycle

import "coderaws/internal/diagnostic"

// FaultRecord says what became of one fault.
type FaultRecord struct {
	Fault string `json:"fault"`
	// Strikes is how often AWS failed because of it.
	Strikes int `json:"strikes"`
	// Survived is how many of these nobody noticed: the provider tried again, or AWS found room in another zone.
	Survived int `json:"survived"`
}

// Unstruck warns of the faults that were ordered and never struck: such an order says nothing about the deployment.
func Unstruck(records []FaultRecord) diagnostic.List {
	var list diagnostic.List
	for _, record := range records {
		if record.Strikes > 0 {
			continue
		}
		d := diagnostic.Warningf("the fault %q never struck", record.Fault)
		d.Code, d.Why = "fault.never_struck", "Terraform asked AWS for nothing that it is meant for"
		d.Todo = "look at the type, the action and the zone that it names, and at what the run does"
		list = append(list, d)
	}
	return list
}
