package facts

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// instanceShape is what the name of an instance type says, such as m8gd.xlarge
// (https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html).
type instanceShape struct {
	name, family string
	generation   int
	// options are the letters after the generation, of which g is a processor of AWS's own, and a and i are those of AMD and Intel.
	options, size string
}

var instanceForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z]+)([1-9][0-9]?)([a-z]*(?:-flex)?)\.([a-z0-9-]+)$`)
})

func shapeOf(name string) (instanceShape, bool) {
	parts := instanceForm().FindStringSubmatch(name)
	if parts == nil {
		return instanceShape{}, false
	}
	generation, _ := strconv.Atoi(parts[2]) // digits, as the form says
	return instanceShape{name, parts[1], generation, parts[3], parts[4]}, true
}

// graviton reports whether the processor is one of AWS's own, which run no programs of the others.
func (s instanceShape) graviton() bool { return strings.Contains(s.options, "g") }

var instanceShapes = sync.OnceValue(func() []instanceShape {
	var all []instanceShape
	for _, name := range InstanceNames() {
		if shape, ok := shapeOf(name); ok {
			all = append(all, shape)
		}
	}
	return all
})

// generationsAhead is how many generations of a family may be newer than known: one comes about every two years.
const generationsAhead = yearsAhead / 2

// NewerInstance is the newest known relative of an instance type that is newer than known, such as m8g.xlarge of m9g.xlarge: of the
// same family, size and maker of the processor, and with the same options if there is one. It is "" for a type that is known, and for a
// name that is no newer type: a family, a size or an option that EC2 has not, or a generation that is not after the newest known one with
// these options.
func NewerInstance(name string) string {
	asked, ok := shapeOf(name)
	if !ok || instanceRecords()[name] != nil {
		return ""
	}
	newest, withOptions, optionKnown := 0, 0, false
	var relatives []instanceShape
	for _, known := range instanceShapes() {
		optionKnown = optionKnown || known.options == asked.options
		if known.family != asked.family {
			continue
		}
		newest = max(newest, known.generation)
		if known.options == asked.options {
			withOptions = max(withOptions, known.generation)
		}
		if known.size == asked.size && known.graviton() == asked.graviton() {
			relatives = append(relatives, known)
		}
	}
	if asked.options == "" || withOptions == 0 {
		withOptions = newest // m6.large is m6i.large or m6a.large with a letter left out
	}
	if !optionKnown || len(relatives) == 0 ||
		asked.generation < newest || asked.generation <= withOptions || asked.generation > newest+generationsAhead {
		return ""
	}
	return slices.MaxFunc(relatives, func(a, b instanceShape) int {
		return cmp.Or(same(a, b, asked.options), cmp.Compare(a.generation, b.generation), cmp.Compare(len(b.options), len(a.options)),
			cmp.Compare(a.name, b.name))
	}).name
}

// same puts the type that has exactly these options after the one that has others.
func same(a, b instanceShape, options string) int {
	switch {
	case a.options == options && b.options != options:
		return 1
	case a.options != options && b.options == options:
		return -1
	}
	return 0
}
