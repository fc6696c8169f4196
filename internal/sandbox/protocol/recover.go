package protocol

import (
	"context"
	"fmt"
	"os"
	"path"
	"runtime/debug"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// recovering answers a call in which the embedded AWS itself fails, and keeps the stack in a file in dir. A panic would end the whole
// program, and with it the run of Terraform that waits for an answer. It works on the messages of either version of the plugin protocol, so
// that no method of any server is left out.
func recovering(dir string) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (answer any, err error) {
		defer func() {
			if cause := recover(); cause != nil {
				f := crash{method: info.FullMethod, subject: subjectOf(request, info.FullMethod), cause: cause, stack: debug.Stack()}
				answer, err = f.answer(dir)
			}
		}()
		return handler(ctx, request)
	}
}

// crash is a panic in one call.
type crash struct {
	method, subject string
	cause           any
	stack           []byte
}

// subjectOf names what a call was about: its resource type or data source, or the call itself where it has none.
func subjectOf(request any, method string) string {
	name := path.Base(method)
	if message, ok := request.(proto.Message); ok {
		fields := message.ProtoReflect().Descriptor().Fields()
		if field := fields.ByName("type_name"); field != nil {
			subject := message.ProtoReflect().Get(field).String()
			if name == "ReadDataSource" || name == "ValidateDataSourceConfig" || name == "ValidateDataResourceConfig" {
				subject = "data." + subject
			}
			return subject
		}
	}
	return name
}

func (f crash) summary() string {
	return fmt.Sprintf("the embedded AWS failed on %s; this is a fault of coderaws", f.subject)
}

// detail says why, and what to do. It keeps the stack; where that cannot be written, it is shown.
func (f crash) detail(dir string) string {
	why := fmt.Sprintf("%s panicked: %v.", path.Base(f.method), f.cause)
	file, err := f.keep(dir)
	if err != nil {
		return fmt.Sprintf("%s The stack could not be kept (%v); report this fault with it:\n%s", why, err, f.stack)
	}
	return fmt.Sprintf("%s Your settings are not to blame. Report this fault with the file %s: it holds where in coderaws it happened, and "+
		"no value of your deployment but what stands here.", why, file)
}

// keep writes the stack into a new file. What was asked stays out of it: a configuration may hold secrets.
func (f crash) keep(dir string) (name string, err error) {
	file, err := os.CreateTemp(dir, "coderaws-fault-*.txt")
	if err != nil {
		return "", err
	}
	_, err = fmt.Fprintf(file, "%s\n%s: %v\n\n%s", f.summary(), f.method, f.cause, f.stack)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return file.Name(), err
}

// answer is the method's own response with the fault as its one diagnostic; a failed call for the few methods whose responses hold none.
func (f crash) answer(dir string) (any, error) {
	summary, detail := f.summary(), f.detail(dir)
	response := emptyResponse(f.method)
	if response == nil {
		return nil, status.Error(codes.Internal, summary+". "+detail)
	}
	field := response.Descriptor().Fields().ByName("diagnostics")
	if field == nil {
		return nil, status.Error(codes.Internal, summary+". "+detail)
	}
	diagnostics := response.Mutable(field).List()
	element := diagnostics.NewElement()
	fields := element.Message().Descriptor().Fields()
	element.Message().Set(fields.ByName("severity"), protoreflect.ValueOfEnum(severityError))
	element.Message().Set(fields.ByName("summary"), protoreflect.ValueOfString(summary))
	element.Message().Set(fields.ByName("detail"), protoreflect.ValueOfString(detail))
	diagnostics.Append(element)
	return response.Interface(), nil
}

// severityError is Diagnostic.ERROR of both versions of the protocol.
const severityError protoreflect.EnumNumber = 1

// emptyResponse makes the response of a method such as /tfplugin5.Provider/ReadResource; nil for a method that is not known.
func emptyResponse(method string) protoreflect.Message {
	service, name := path.Split(method)
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(path.Base(service)))
	if err != nil {
		return nil
	}
	declared, ok := found.(protoreflect.ServiceDescriptor)
	if !ok {
		return nil
	}
	called := declared.Methods().ByName(protoreflect.Name(name))
	if called == nil {
		return nil
	}
	kind, err := protoregistry.GlobalTypes.FindMessageByName(called.Output().FullName())
	if err != nil {
		return nil
	}
	return kind.New()
}
