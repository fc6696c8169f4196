package protocol

import (
	"coderaws/internal/sandbox/fault"
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
)

// late is a failure of something that AWS took on.
type late struct {
	answer *world.Error
	// by is the name of what ordered it.
	by     string
	strike *world.Strike
}

// refused looks whether a call is to be refused by order, and makes it as often as the provider does: what the provider gets over by trying
// again is survived, and its user never hears of it. A failure that AWS reports only after it has taken the call is returned as late.
func (s *Server) refused(declared *model.Type, call *model.Call, action world.Action, id string) (*late, *tfprotov5.Diagnostic) {
	attempt := world.Attempt{Action: action, Type: declared.Name, Region: call.Region, ID: id, Object: call.Object}
	for tries := 1; ; tries++ {
		order, strike := s.world.Strike(attempt, false)
		if order == nil {
			return nil, nil
		}
		answer, failsLate := fault.Answer(declared, call, order.Error, false)
		if failsLate {
			return &late{answer, order.Name, strike}, nil
		}
		if tries < fault.Attempts(declared, action, answer) {
			strike.Survived, attempt.Again = true, true
			continue
		}
		told := *answer
		told.Attempts = tries
		return nil, s.ordered(declared, call, action, id, &told, order.Name)
	}
}

// ordered words a refusal that was ordered.
func (s *Server) ordered(declared *model.Type, call *model.Call, action world.Action, id string, err *world.Error, name string) *tfprotov5.Diagnostic {
	told := *err
	told.Timing = joined(err.Timing, world.OrderedBy(name))
	switch action {
	case world.Create:
		return s.awsFailure("creating", declared.Noun, nameOf(call.Object), declared.API, declared.CreateCall, &told)
	case world.Update:
		return s.awsFailure("updating", declared.Noun, id, declared.API, declared.UpdateCall, &told)
	case world.Delete:
		return s.awsFailure("deleting", declared.Noun, id, declared.API, declared.DeleteCall, &told)
	default:
		return s.awsFailure("reading", declared.Noun, id, declared.API, "Describe", &told)
	}
}

// capacity looks whether there is room for what a create wants to launch. What AWS takes and then fails to launch is returned as late.
func (s *Server) capacity(declared *model.Type, call *model.Call, already *late) (*late, *tfprotov5.Diagnostic) {
	if already != nil {
		return already, nil
	}
	attempt := world.Attempt{Action: world.Create, Type: declared.Name, Region: call.Region, Object: call.Object}
	answer, shortage, failsLate := fault.Shortage(declared, call)
	if shortage == nil {
		return s.afterwards(declared, call, world.Create, ""), nil
	}
	strike := s.world.Miss(shortage, attempt, answer == nil)
	switch {
	case answer == nil:
		return s.afterwards(declared, call, world.Create, ""), nil
	case failsLate:
		return &late{answer, shortage.Name, strike}, nil
	default:
		return nil, s.ordered(declared, call, world.Create, "", answer, shortage.Name)
	}
}

// afterwards looks whether a call that AWS takes is to fail in the end; nil if not.
func (s *Server) afterwards(declared *model.Type, call *model.Call, action world.Action, id string) *late {
	order, strike := s.world.Strike(world.Attempt{Action: action, Type: declared.Name, Region: call.Region, ID: id, Object: call.Object}, true)
	if order == nil {
		return nil
	}
	answer, _ := fault.Answer(declared, call, order.Error, true)
	return &late{answer, order.Name, strike}
}

// failed leaves what was carried out in the state of having failed, if it has.
func (s *Server) failed(declared *model.Type, call *model.Call, action world.Action, end *late) *tfprotov5.Diagnostic {
	if end == nil {
		return nil
	}
	end.strike.ID = call.ID
	return failure(fault.Failed(declared, action, call.ID, call.Object, end.answer), joined(end.answer.Timing, world.OrderedBy(end.by)))
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// listed is a list of one problem, or of none.
func listed(problem *tfprotov5.Diagnostic) []*tfprotov5.Diagnostic {
	if problem == nil {
		return nil
	}
	return []*tfprotov5.Diagnostic{problem}
}
