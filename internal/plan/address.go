package plan

import "strings"

// Block is the address of the block that an address is an instance of: the address without its instance keys, as Terraform has it
// where it records dependencies.
func Block(address string) string {
	if !strings.Contains(address, "[") {
		return address
	}
	var b strings.Builder
	for _, step := range Steps(address) {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step.Name)
	}
	return b.String()
}

// Step is one name of an address, with the instance key that follows it: ["a"], [0], or nothing.
type Step struct{ Name, Key string }

// Steps splits an address at its dots; a key can hold dots and brackets.
func Steps(address string) []Step {
	var all []Step
	begin, key := 0, -1
	depth, quoted := 0, false
	end := func(i int) {
		if key < 0 {
			all = append(all, Step{Name: address[begin:i]})
		} else {
			all = append(all, Step{address[begin:key], address[key:i]})
		}
		begin, key = i+1, -1
	}
	for i := 0; i < len(address); i++ {
		c := address[i]
		switch {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"' && depth > 0:
			quoted = true
		case c == '[':
			if depth == 0 && key < 0 {
				key = i
			}
			depth++
		case c == ']':
			depth--
		case c == '.' && depth == 0:
			end(i)
		}
	}
	if address != "" {
		end(len(address))
	}
	return all
}

// Keys are the instance keys of an address by the block that has them: module.a["x"].aws_vpc.b[0] has those of module.a and of
// module.a.aws_vpc.b.
func Keys(address string) map[string]string {
	if !strings.Contains(address, "[") {
		return nil
	}
	keys := map[string]string{}
	path := ""
	for _, step := range Steps(address) {
		path = strings.TrimPrefix(path+"."+step.Name, ".")
		if step.Key != "" {
			keys[path] = step.Key
		}
	}
	return keys
}

// Module is the path of the modules of a block's address, empty for the root module's.
func Module(block string) string {
	parts := strings.Split(block, ".")
	i := 0
	for i+1 < len(parts) && parts[i] == "module" {
		i += 2
	}
	return strings.Join(parts[:i], ".")
}

// TopModule is the name of the outermost module of an address, without its key; empty for the root module's.
func TopModule(address string) string {
	if steps := Steps(address); len(steps) > 1 && steps[0].Name == "module" {
		return steps[1].Name
	}
	return ""
}

// Type is the resource type in a resource's address; empty for what is no such address.
func Type(address string) string {
	steps := Steps(address)
	if len(steps) < 2 {
		return ""
	}
	return steps[len(steps)-2].Name
}

// Join puts a name into a module.
func Join(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}

// Compare puts addresses in order, numbers in keys by value.
func Compare(a, b string) int {
	x, y := Steps(a), Steps(b)
	for i := range min(len(x), len(y)) {
		if c := strings.Compare(x[i].Name, y[i].Name); c != 0 {
			return c
		}
		kx, ky := x[i].Key, y[i].Key
		if len(kx) != len(ky) && !strings.HasPrefix(kx, `["`) && !strings.HasPrefix(ky, `["`) {
			return len(kx) - len(ky)
		}
		if c := strings.Compare(kx, ky); c != 0 {
			return c
		}
	}
	return len(x) - len(y)
}
