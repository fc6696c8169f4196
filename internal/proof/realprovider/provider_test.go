package realprovider

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestMeasurementsStillHold measures some types again and compares them with the file that the embedded AWS plans by.
func TestMeasurementsStillHold(t *testing.T) {
	_, binary, err := Find()
	if err != nil {
		t.Skipf("NOT COMPARED with the real AWS provider: %v", err)
	}
	file, err := os.Open("../../facts/plan-behaviour-" + Version + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	archive, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Types map[string]*Behaviour `json:"types"`
	}
	if err := json.NewDecoder(archive).Decode(&recorded); err != nil {
		t.Fatal(err)
	}
	measurer := &Measurer{
		Start:       func(ctx context.Context) (*Provider, error) { return StartOffline(ctx, binary) },
		Environment: []string{OfflineRegion, OfflineAccount},
	}
	defer measurer.Close()
	for _, name := range []string{"aws_vpc", "aws_eks_cluster", "aws_eks_node_group", "aws_rds_cluster", "aws_lb", "aws_s3_bucket"} {
		t.Run(name, func(t *testing.T) {
			got, err := measurer.Measure(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(recorded.Types[name], got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("recorded and measured differ (-recorded +measured); run tools/measure again:\n%s", diff)
			}
		})
	}
}

func TestFindSaysHowToGetTheProvider(t *testing.T) {
	t.Setenv(MirrorVariable, t.TempDir())
	t.Setenv("HOME", t.TempDir())
	_, _, err := Find()
	if err == nil {
		t.Skip("the provider is installed for all users of this machine")
	}
	if notFound, ok := err.(*NotFoundError); !ok || len(notFound.Looked) < 3 {
		t.Errorf("error %v does not list where it looked", err)
	}
}
