package protocol

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// broken is a provider of which every method panics: it has no server behind it.
type broken struct{ tfprotov5.ProviderServer }

func TestPanicIsAnsweredWithItsFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	running, err := ServePlugin(5, &tf5server.GRPCProviderPlugin{Name: "registry.terraform.io/hashicorp/aws",
		GRPCProvider: func() tfprotov5.ProviderServer { return broken{} }}, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Stop)
	client, err := grpc.NewClient("unix:"+running.Address.Path, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	for _, call := range []struct{ method, request, subject string }{
		{"GetMetadata", "", "GetMetadata"},
		{"GetSchema", "", "GetSchema"},
		{"PrepareProviderConfig", "", "PrepareProviderConfig"},
		{"Configure", "", "Configure"},
		{"ValidateResourceTypeConfig", `type_name: "aws_vpc"`, "aws_vpc"},
		{"ValidateDataSourceConfig", `type_name: "aws_vpc"`, "data.aws_vpc"},
		{"UpgradeResourceState", `type_name: "aws_vpc"`, "aws_vpc"},
		{"ReadResource", `type_name: "aws_vpc"`, "aws_vpc"},
		{"PlanResourceChange", `type_name: "aws_vpc"`, "aws_vpc"},
		{"ApplyResourceChange", `type_name: "aws_vpc" planned_state: { msgpack: "a secret" }`, "aws_vpc"},
		{"ImportResourceState", `type_name: "aws_vpc"`, "aws_vpc"},
		{"ReadDataSource", `type_name: "aws_vpc"`, "data.aws_vpc"},
	} {
		method := "/tfplugin5.Provider/" + call.method
		response := emptyResponse(method)
		if err := client.Invoke(t.Context(), method, requestOf(t, call.method, call.request), response.Interface()); err != nil {
			t.Errorf("%s: %v", call.method, err)
			continue
		}
		text := prototext.Format(response.Interface())
		for _, want := range []string{"ERROR", "the embedded AWS failed on " + call.subject + "; this is a fault of coderaws", "nil pointer",
			"Report this fault with the file " + dir} {
			if !strings.Contains(text, want) {
				t.Errorf("%s is answered with %s: %q is missing", call.method, text, want)
			}
		}
	}
	// A response without diagnostics is a failed call, in the same words.
	err = client.Invoke(t.Context(), "/tfplugin5.Provider/Stop", requestOf(t, "Stop", ""),
		emptyResponse("/tfplugin5.Provider/Stop").Interface())
	if err == nil || !strings.Contains(err.Error(), "the embedded AWS failed on Stop; this is a fault of coderaws") {
		t.Errorf("Stop is answered with %v", err)
	}
	kept(t, dir, 13)
}

// kept holds the files of faults to what they are to hold.
func kept(t *testing.T, dir string, want int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "coderaws-fault-*.txt"))
	if err != nil || len(files) != want {
		t.Errorf("%d files are kept (%v), not %d", len(files), err, want)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "recover.go") || !strings.Contains(string(text), "nil pointer") ||
			strings.Contains(string(text), "a secret") {
			t.Errorf("%s holds:\n%s", name, text)
		}
	}
}

func requestOf(t *testing.T, method, text string) proto.Message {
	t.Helper()
	found, err := protoregistry.GlobalFiles.FindDescriptorByName("tfplugin5.Provider")
	if err != nil {
		t.Fatal(err)
	}
	input := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(method)).Input()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(input.FullName())
	if err != nil {
		t.Fatal(err)
	}
	request := kind.New().Interface()
	if err := prototext.Unmarshal([]byte(text), request); err != nil {
		t.Fatal(err)
	}
	return request
}

func TestStackIsShownWhereItCannotBeKept(t *testing.T) {
	t.Parallel()
	f := crash{method: "/tfplugin5.Provider/ReadResource", subject: "aws_vpc", cause: "no more", stack: []byte("goroutine 1")}
	if detail := f.detail(filepath.Join(t.TempDir(), "absent")); !strings.Contains(detail, "could not be kept") ||
		!strings.Contains(detail, "goroutine 1") {
		t.Errorf("the detail is %s", detail)
	}
}
