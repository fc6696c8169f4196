package timeline

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected pictures in testdata; such a run never passes")

// TestDraw holds the picture to the one in testdata, which somebody has looked at.
func TestDraw(t *testing.T) {
	entries := []Entry{
		entry("module.kms.aws_kms_key.this", `["a"]`, 0, 20, true), entry("module.kms.aws_kms_key.this", `["b"]`, 0, 20, false),
		entry("module.cluster.aws_eks_cluster.this", "", 20, 570, true), entry("module.database.aws_rds_cluster.this", "", 20, 50, false),
		entry(`module.a_module_with_a_rather_long_name["and-a-key-besides"].aws_rds_cluster_instance`, ".this", 70, 400, false),
		entry("module.node_group.aws_eks_node_group.this", "", 590, 120, true), entry("aws_iam_role.this", "", 0, 1, false),
	}
	chart := Chart{
		Title: "coder in us-east-1", Total: 710 * time.Second, Shortest: 355 * time.Second, Longest: 1420 * time.Second, Parallelism: 10,
		Folded: Fold(entries, 15*time.Second),
	}
	got := Draw([]Chart{chart})
	file := filepath.Join("testdata", "gantt.svg")
	want, err := os.ReadFile(file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Errorf("picture (-want +got):\n%s", diff)
	}
	inside(t, got)
}

// inside holds all that is drawn to the paper.
func inside(t *testing.T, picture string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(picture))
	width, height := 0.0, 0.0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		value := map[string]float64{}
		for _, attribute := range element.Attr {
			value[attribute.Name.Local], _ = strconv.ParseFloat(attribute.Value, 64)
		}
		if element.Name.Local == "svg" {
			width, height = value["width"], value["height"]
			continue
		}
		if value["x"] < 0 || value["y"] < 0 || value["x"]+value["width"] > width || value["y"]+value["height"] > height || value["x2"] > width {
			t.Errorf("%s at %v reaches over the paper of %v x %v", element.Name.Local, value, width, height)
		}
	}
}

// TestTicks: the axis has round marks, and room between them.
func TestTicks(t *testing.T) {
	for total, want := range map[time.Duration]time.Duration{
		5 * time.Second: time.Second, 100 * time.Second: 10 * time.Second, 13 * time.Minute: 2 * time.Minute,
		time.Hour: 5 * time.Minute, 100 * time.Hour: 9 * time.Hour,
	} {
		if got := (Chart{Total: total}).tick(); got != want {
			t.Errorf("a run of %s has a mark each %s, want %s", total, got, want)
		}
	}
}
