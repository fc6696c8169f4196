package inventory

import "strings"

// Block is the address of the block that an address is an instance of: the address without its instance keys, as Terraform has it
// where it records dependencies.
func Block(address string) string {
	if !strings.Contains(address, "[") {
		return address
	}
	var b strings.Builder
	for _, step := range steps(address) {
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step.name)
	}
	return b.String()
}

// step is one name of an address, with the instance key that follows it: ["a"], [0], or nothing.
type step struct{ name, key string }

// steps splits an address at its dots; a key can hold dots and brackets.
func steps(address string) []step {
	var all []step
	begin, key := 0, -1
	depth, quoted := 0, false
	end := func(i int) {
		if key < 0 {
			all = append(all, step{name: address[begin:i]})
		} else {
			all = append(all, step{address[begin:key], address[key:i]})
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

// keysOf are the instance keys of an address by the block that has them: module.a["x"].aws_vpc.b[0] has those of module.a and of
// module.a.aws_vpc.b.
func keysOf(address string) map[string]string {
	if !strings.Contains(address, "[") {
		return nil
	}
	keys := map[string]string{}
	path := ""
	for _, step := range steps(address) {
		path = strings.TrimPrefix(path+"."+step.name, ".")
		if step.key != "" {
			keys[path] = step.key
		}
	}
	return keys
}

// moduleOf is the path of the modules of a block's address, empty for the root module's.
func moduleOf(block string) string {
	parts := strings.Split(block, ".")
	i := 0
	for i+1 < len(parts) && parts[i] == "module" {
		i += 2
	}
	return strings.Join(parts[:i], ".")
}

// join puts a name into a module.
func join(module, name string) string {
	if module == "" {
		return name
	}
	return module + "." + name
}
