package docs

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// runnable matches a block of commands that is run as it stands.
var runnable = regexp.MustCompile("(?ms)^<!-- run -->\n```sh\n(.*?)^```$")

// TestTerraformAlone gives the commands of operations/terraform.md, as they stand there, to a shell in a copy of the
// repository, with the embedded AWS in place of AWS: both stacks are made and destroyed by Terraform alone, and nothing
// is left.
func TestTerraformAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("a deployment is made and destroyed, which takes some seconds")
	}
	engine := plainEngine(t)
	page, err := os.ReadFile("operations/terraform.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := runnable.FindAllStringSubmatch(string(page), -1)
	if len(blocks) < 5 {
		t.Fatalf("the page has %d blocks of commands, too few to make and destroy two stacks", len(blocks))
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "coderaws")
	if out, err := exec.Command("go", "build", "-o", program, "../cmd/coderaws").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	tree := filepath.Join(dir, "repository")
	for _, name := range []string{"stacks", "modules", "charts", "patterns"} {
		copyTree(t, filepath.Join("..", name), filepath.Join(tree, name))
	}
	// The page says terraform, which may be OpenTofu here.
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(engine, filepath.Join(bin, "terraform")); err != nil {
		t.Fatal(err)
	}
	shell := func(commands string) string {
		t.Helper()
		cmd := exec.Command(program, "sandbox", "exec", "--", "sh", "-e", "-c", commands)
		cmd.Dir = tree
		cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "TF_IN_AUTOMATION=1",
			"NO_COLOR=1", "CODERAWS_OFFLINE=1")
		cmd.Stdin = &agreeing{} // Terraform asks before it changes anything
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v\n%s%s", commands, err, &stdout, &stderr)
		}
		return stdout.String()
	}
	answers := map[string]string{}
	for _, block := range blocks {
		answers[block[1]] = shell(block[1])
	}
	url := ""
	for commands, answer := range answers {
		if strings.Contains(commands, "output url") {
			url = strings.TrimSpace(answer)
		}
	}
	if !strings.HasPrefix(url, `"https://`) {
		t.Errorf("the platform's address is %s", url)
	}
	var told struct {
		Cloud struct{ Cluster struct{ Endpoint string } }
	}
	text, err := os.ReadFile(filepath.Join(tree, "my-coder.cloud.tfvars.json"))
	if err != nil || json.Unmarshal(text, &told) != nil || !strings.HasPrefix(told.Cloud.Cluster.Endpoint, "https://") {
		t.Errorf("the platform was told %s, %v", text, err)
	}
	for _, stack := range []string{"cloud", "platform"} {
		if left := strings.TrimSpace(shell("terraform -chdir=stacks/" + stack + " state list")); strings.Contains(left,
			"helm_release") || strings.Contains(left, "aws_eks_cluster") {
			t.Errorf("the stack %s holds after its end:\n%s", stack, left)
		}
	}
}

// plainEngine is the path of Terraform or OpenTofu.
func plainEngine(t *testing.T) string {
	t.Helper()
	names := []string{"terraform", "tofu"}
	if named := os.Getenv("CODERAWS_TERRAFORM"); named != "" {
		names = []string{named}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("neither terraform nor tofu is here, so that the commands of operations/terraform.md are not run")
	return ""
}

// copyTree copies the files of a directory that belong to the repository, without what Terraform leaves there.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".terraform"):
			return filepath.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(to, relative), 0o755)
		case strings.Contains(entry.Name(), ".tfstate") || strings.HasPrefix(entry.Name(), ".terraform"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, relative), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// agreeing is somebody who answers every question with yes.
type agreeing struct{}

func (*agreeing) Read(into []byte) (int, error) {
	if len(into) < 4 {
		return 0, io.ErrShortBuffer
	}
	return copy(into, "yes\n"), nil
}
