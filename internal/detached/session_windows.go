package detached

import (
	"os"
	"os/exec"

	"coderaws/internal/diagnostic"
)

// inSession refuses.
func inSession(*exec.Cmd, *os.File) error {
	d := diagnostic.Errorf("no run can be detached on Windows")
	d.Code, d.Why = "detached.unable", "it takes a session of its own, which Windows does not have"
	d.Todo = "leave out --detach and leave the terminal open, or run it in the Windows Subsystem for Linux"
	return d
}

// Begin does nothing: no run comes here.
func Begin() {}

func take(*os.File) (bool, error) { return true, nil }
