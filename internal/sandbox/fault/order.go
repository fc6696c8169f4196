package fault

import (
	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/world"
)

// Around puts what goes wrong by order around an actor: calls that a fault of the world is meant for are refused, or fail after they were
// taken, and what cannot be launched for lack of capacity is not.
func Around(inner model.Actor) model.Actor { return ordered{scarce{inner}, Attempts} }

// Once is Around for callers that do not try again by themselves, as the provider does: services of AWS that call others.
func Once(inner model.Actor) model.Actor {
	return ordered{scarce{inner}, func(*model.Type, world.Action, *world.Error) int { return 1 }}
}

// ordered lets calls fail for which a fault was ordered.
type ordered struct {
	model.Actor
	// attempts is how often the caller makes a call that AWS answers with an error.
	attempts func(*model.Type, world.Action, *world.Error) int
}

// Admit makes a call as often as its caller does: what the provider gets over by trying again is survived, and its user never hears of it.
func (o ordered) Admit(c *model.Call) *world.Error {
	if err := o.before(c); err != nil {
		return err
	}
	if err := o.Actor.Admit(c); err != nil || c.Action == world.Read || c.Ending != nil {
		return err
	}
	if order, strike := c.World.Strike(attempted(c), true); order != nil {
		answer, _ := Answer(c.Type, c, order.Error, true)
		c.Ending = ending(c.Type, c.Action, answer, order.Name, strike)
	}
	return nil
}

// before looks whether a call is to be refused by order. A failure that AWS reports only after it has taken the call becomes its ending.
func (o ordered) before(c *model.Call) *world.Error {
	attempt := attempted(c)
	for tries := 1; ; tries++ {
		order, strike := c.World.Strike(attempt, false)
		if order == nil {
			return nil
		}
		answer, late := Answer(c.Type, c, order.Error, false)
		if late {
			c.Ending = ending(c.Type, c.Action, answer, order.Name, strike)
			return nil
		}
		if tries < o.attempts(c.Type, c.Action, answer) {
			strike.Survived, attempt.Again = true, true
			continue
		}
		told := worded(answer, order.Name)
		told.Attempts = tries
		return told
	}
}

// scarce lets launches fail for which there is no room.
type scarce struct{ model.Actor }

// Admit looks whether there is room for what a create wants to launch, after the rules were found kept.
func (s scarce) Admit(c *model.Call) *world.Error {
	if err := s.Actor.Admit(c); err != nil || c.Action != world.Create || c.Ending != nil {
		return err
	}
	answer, shortage, late := Shortage(c.Type, c)
	if shortage == nil {
		return nil
	}
	strike := c.World.Miss(shortage, attempted(c), answer == nil)
	switch {
	case answer == nil:
		return nil
	case late:
		c.Ending = ending(c.Type, c.Action, answer, shortage.Name, strike)
		return nil
	default:
		return worded(answer, shortage.Name)
	}
}

// attempted is a call as faults are aimed at it.
func attempted(c *model.Call) world.Attempt {
	return world.Attempt{Action: c.Action, Type: c.Type.Name, Region: c.Region, ID: c.ID, Object: c.Object, Part: c.OnPart()}
}

// ending leaves a resource in the state in which AWS has failed to carry out an action, and tells what the provider says about that.
func ending(t *model.Type, action world.Action, answer *world.Error, by string, strike *world.Strike) *model.Ending {
	return &model.Ending{
		Mark: func(object world.Object) { Mark(t, action, object) },
		Report: func(c *model.Call) *world.Error {
			strike.ID = c.ID
			told := worded(answer, by)
			told.Message, told.Late = Report(t, action, c.ID, answer), true
			return told
		},
	}
}

// worded is an answer that says who ordered it.
func worded(answer *world.Error, by string) *world.Error {
	told := *answer
	told.Timing = world.OrderedBy(by)
	if answer.Timing != "" {
		told.Timing = answer.Timing + " " + told.Timing
	}
	return &told
}
