package helm

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"
)

// A server without a schema panics when it is asked for it.
func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	running, err := Serve(&Server{}, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(running.Stop)
	client, err := grpc.NewClient("unix:"+running.Address.Path, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	found, err := protoregistry.GlobalFiles.FindDescriptorByName("tfplugin6.Provider.GetProviderSchema")
	if err != nil {
		t.Fatal(err)
	}
	method := found.(protoreflect.MethodDescriptor)
	response := dynamicpb.NewMessage(method.Output())
	if err := client.Invoke(t.Context(), "/tfplugin6.Provider/GetProviderSchema", dynamicpb.NewMessage(method.Input()), response); err != nil {
		t.Fatal(err)
	}
	if text := response.String(); !strings.Contains(text, "the embedded AWS failed on GetProviderSchema; this is a fault of coderaws") ||
		!strings.Contains(text, dir) {
		t.Errorf("the answer is %s", text)
	}
	files, err := filepath.Glob(filepath.Join(dir, "coderaws-fault-*.txt"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the stack is kept in %v (%v)", files, err)
	}
	if text, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(text), "helm.(*Server).GetProviderSchema") {
		t.Errorf("%s holds %s (%v)", files[0], text, err)
	}
}
