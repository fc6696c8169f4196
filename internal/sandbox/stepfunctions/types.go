package stepfunctions

import (
	"fmt"
	"time"
)

// once does what a state does, once.
func (r *runner) once(s *State, language string, v visit) step {
	switch s.Type {
	case "Pass", "Succeed":
		return r.leave(s, v, step{output: v.input, next: s.Next}, nil)
	case "Fail":
		return r.fail(s, v)
	case "Wait":
		return r.wait(s, v)
	case "Choice":
		return r.choose(s, v)
	case "Task":
		return r.task(s, v)
	case "Map":
		return r.each(s, language, v)
	}
	return step{failure: &Failure{"States.Runtime", fmt.Sprintf("the embedded AWS does not run states of type %s", s.Type)}}
}

// leave works out what a state hands on, and what it remembers. more are the names that its expressions know besides.
func (r *runner) leave(s *State, v visit, done step, more map[string]any) step {
	if s.Output == nil && !s.hasOutput && s.Assign == nil {
		return done
	}
	names := r.names(v, more)
	if s.hasOutput {
		if done.output, done.failure = r.evaluate(s.Output, names); done.failure != nil {
			return done
		}
	}
	done.assigned, done.failure = r.assign(s.Assign, names)
	return done
}

func (r *runner) fail(s *State, v visit) step {
	names := r.names(v, nil)
	texts := [2]string{}
	for i, value := range []any{s.Error, s.Cause} {
		result, failure := r.evaluate(value, names)
		if failure != nil {
			return step{failure: failure}
		}
		texts[i], _ = result.(string)
	}
	return step{failure: &Failure{texts[0], texts[1]}}
}

func (r *runner) wait(s *State, v visit) step {
	names := r.names(v, nil)
	done := step{output: v.input, next: s.Next}
	if s.Timestamp != nil {
		result, failure := r.evaluate(s.Timestamp, names)
		text, _ := result.(string)
		until, err := time.Parse(time.RFC3339, text)
		if failure == nil && err != nil {
			failure = &Failure{"States.QueryEvaluationError", "The value of Timestamp is no time: " + text}
		}
		done.took, done.failure = max(0, until.Sub(r.Start.Add(v.at))), failure
	} else {
		result, failure := r.evaluate(s.Seconds, names)
		seconds, is := result.(float64)
		if failure == nil && (!is || seconds < 0) {
			failure = &Failure{"States.QueryEvaluationError", fmt.Sprintf("The value of Seconds is no number of seconds: %v", result)}
		}
		done.took, done.failure = time.Duration(seconds*float64(time.Second)), failure
	}
	if done.failure != nil {
		return step{failure: done.failure}
	}
	return r.leave(s, v, done, nil)
}

// choose takes the first way whose condition holds.
func (r *runner) choose(s *State, v visit) step {
	names := r.names(v, nil)
	for _, choice := range s.Choices {
		result, failure := r.evaluate(choice.Condition, names)
		holds, is := result.(bool)
		if failure == nil && !is {
			failure = &Failure{"States.QueryEvaluationError", fmt.Sprintf("The condition %v is neither true nor false.", choice.Condition)}
		}
		if failure != nil {
			return step{failure: failure}
		}
		if !holds {
			continue
		}
		done := step{output: v.input, next: choice.Next}
		if choice.Output != nil {
			if done.output, done.failure = r.evaluate(choice.Output, names); done.failure != nil {
				return done
			}
		}
		done.assigned, done.failure = r.assign(choice.Assign, names)
		return done
	}
	if s.Default == "" {
		return step{failure: &Failure{"States.NoChoiceMatched", "No choice matched, and there is no default."}}
	}
	return r.leave(s, v, step{output: v.input, next: s.Default}, nil)
}

func (r *runner) task(s *State, v visit) step {
	result, failure := r.evaluate(s.Arguments, r.names(v, nil))
	if failure != nil {
		return step{failure: failure}
	}
	arguments, _ := result.(map[string]any)
	answer, took, failure := r.Call(v.at, s.Resource, arguments)
	if failure != nil {
		return step{took: took, failure: failure}
	}
	return r.leave(s, v, step{output: answer, next: s.Next, took: took}, map[string]any{"result": answer})
}

// each goes through the states of a Map for all items at once, as Step Functions does for up to 40; the longest decides how long it takes.
func (r *runner) each(s *State, language string, v visit) step {
	names := r.names(v, nil)
	items := v.input
	if s.Items != nil {
		var failure *Failure
		if items, failure = r.evaluate(s.Items, names); failure != nil {
			return step{failure: failure}
		}
	}
	list, is := items.([]any)
	if !is || s.ItemProcessor == nil {
		return step{failure: &Failure{"States.QueryEvaluationError", "The items of a Map state are no array."}}
	}
	done := step{next: s.Next}
	results := make([]any, len(list))
	for i, item := range list {
		inner := v
		inner.item = map[string]any{"Index": float64(i), "Value": item}
		input := item
		if s.ItemSelector != nil {
			var failure *Failure
			if input, failure = r.evaluate(s.ItemSelector, r.names(inner, nil)); failure != nil {
				return step{failure: failure}
			}
		}
		output, took, failure := r.machine(s.ItemProcessor, language, input, inner.scope, v.at)
		done.took = max(done.took, took)
		if failure != nil {
			return step{took: done.took, failure: failure}
		}
		results[i] = output
	}
	done.output = results
	return r.leave(s, v, done, map[string]any{"result": results})
}
