package stepfunctions

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"

	jsonata "github.com/blues/jsonata-go"
)

// syntax is what is wrong with an expression; nil if nothing is.
func syntax(expression string) error {
	_, err := jsonata.Compile(expression)
	return err
}

// evaluating lets one expression be evaluated at a time: to call a function, jsonata-go 1.5.4 writes its name into it (callable.go,
// SetName), and its built-in functions are the same ones for all expressions of the process, of any world.
var evaluating sync.Mutex

// queries evaluates expressions, each of which it reads once.
type queries struct{ compiled map[string]*jsonata.Expr }

// evaluate replaces each expression in a value by its result; names are the variables, of which states is what Step Functions gives.
func (q *queries) evaluate(value any, names map[string]any) (any, *Failure) {
	switch v := value.(type) {
	case string:
		expression, is := expressionOf(v)
		if !is {
			return v, nil
		}
		return q.expression(expression, names)
	case []any:
		all := make([]any, len(v))
		for i := range v {
			result, failure := q.evaluate(v[i], names)
			if failure != nil {
				return nil, failure
			}
			all[i] = result
		}
		return all, nil
	case map[string]any:
		all := map[string]any{}
		for name := range v {
			result, failure := q.evaluate(v[name], names)
			if failure != nil {
				return nil, failure
			}
			all[name] = result
		}
		return all, nil
	}
	return value, nil
}

func (q *queries) expression(text string, names map[string]any) (any, *Failure) {
	failed := func(format string, args ...any) (any, *Failure) {
		return nil, &Failure{"States.QueryEvaluationError", fmt.Sprintf(format, args...)}
	}
	e := q.compiled[text]
	if e == nil {
		var err error
		if e, err = jsonata.Compile(text); err != nil {
			return failed("The JSONata expression '%s' is not valid: %v", text, err)
		}
		q.compiled[text] = e
	}
	if err := e.RegisterVars(maps.Clone(names)); err != nil {
		return failed("%v", err)
	}
	result, err := alone(e)
	if errors.Is(err, jsonata.ErrUndefined) {
		return failed("The JSONata expression '%s' returned nothing (undefined).", text)
	}
	if err != nil {
		return failed("The JSONata expression '%s' failed: %v", text, err)
	}
	plain, err := plainly(result)
	if err != nil {
		return failed("The JSONata expression '%s' returned an unsupported result type.", text)
	}
	return plain, nil
}

// alone evaluates an expression while no other is.
func alone(e *jsonata.Expr) (any, error) {
	evaluating.Lock()
	defer evaluating.Unlock()
	return e.Eval(nil)
}

// plainly turns a value into what JSON knows.
func plainly(value any) (any, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var plain any
	return plain, json.Unmarshal(text, &plain)
}
