package tunnel

import (
	"context"
	"errors"
	"fmt"

	"coderaws/internal/diagnostic"

	"github.com/aws/smithy-go"
)

// notConnected is Session Manager's word for a node that its agent does not keep in touch with.
const notConnected = "TargetNotConnected"

// pluginPage is where AWS says how the plugin is installed.
const pluginPage = "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"

// unreached says that there is no way at all, what was tried, and what to do about the second.
func unreached(what string, direct, session error) error {
	if errors.Is(session, context.Canceled) {
		return session
	}
	d := diagnostic.Errorf("%s is not reached from this machine", what)
	d.Code = "tunnel.no_way"
	d.Why = fmt.Sprintf("there is no direct way (%v), and none through Session Manager: %v", direct, session)
	d.Todo = "run this where the VPC is reached, or try `aws ssm start-session` with a node of the cluster, which has to work first"
	var said *diagnostic.Diagnostic
	if errors.As(session, &said) {
		d.Code, d.Todo = said.Code, said.Todo
	}
	return d
}

// noPlugin says that AWS's program is missing.
func noPlugin() error {
	d := diagnostic.Errorf("%s is not on PATH", Plugin)
	d.Code = "tunnel.no_plugin"
	d.Todo = "run this where the VPC is reached, or install AWS's " + Plugin + " (" + pluginPage + ")"
	return d
}

// pluginFailed says what the plugin said as it ended.
func pluginFailed(words string) error {
	if words == "" {
		words = "it ended without a word"
	}
	d := diagnostic.Errorf("%s opened no way", Plugin)
	d.Code, d.Why = "tunnel.plugin", words
	d.Todo = "see that `" + Plugin + " --version` is 1.2.497 or later, and that this machine reaches ssmmessages of the region on port 443"
	return d
}

// noSettings says that the AWS SDK cannot be used.
func noSettings(err error) error {
	d := diagnostic.Errorf("the settings of the AWS SDK cannot be used")
	d.Code, d.Why = "aws.config", err.Error()
	d.Todo = "correct AWS_PROFILE or the files in ~/.aws, and try `aws sts get-caller-identity`"
	return d
}

// noNodes says that nothing runs through which a way could go.
func noNodes(cluster, region string) error {
	d := diagnostic.Errorf("no node of the cluster %s runs in %s", cluster, region)
	d.Code = "tunnel.no_node"
	d.Todo = "see `coderaws status`: control nodes run at all hours; if the cluster is gone, `coderaws up` makes it again"
	return d
}

// unconnected says that nodes run, and that Session Manager knows none.
func unconnected(cluster string, refusals []error) error {
	d := diagnostic.Errorf("no node of the cluster %s is connected to Session Manager", cluster)
	d.Code, d.Why = notConnected, errors.Join(refusals...).Error()
	d.Todo = "nodes need a way to ssm and ssmmessages (endpoints, or a NAT gateway) and the rights that stacks/cloud gives them, and after their " +
		"start some minutes; `aws ssm describe-instance-information` lists those that are connected"
	return d
}

// refused explains AWS's refusal of a call. action is its IAM action. Of a node that is not connected the error stays as it is.
func refused(action string, err error) error {
	var answer smithy.APIError
	if errors.Is(err, context.Canceled) || errors.As(err, &answer) && answer.ErrorCode() == notConnected {
		return err
	}
	d := diagnostic.Errorf("AWS does not answer %s", action)
	d.Code, d.Why, d.Todo = "aws.unreachable", err.Error(), "see whether this machine reaches AWS: `aws sts get-caller-identity`"
	if answer == nil {
		return d
	}
	d.Summary = "AWS refuses " + action
	d.Code, d.Why, d.Todo = answer.ErrorCode(), answer.ErrorMessage(), "run the same command again"
	switch answer.ErrorCode() {
	case "AccessDeniedException", "AccessDenied", "UnauthorizedOperation":
		d.Todo = "give these credentials " + action
		if action == "ssm:StartSession" {
			d.Todo += " on the nodes of the cluster and on the document " + document +
				", and ssm:TerminateSession and ssm:ResumeSession on their own sessions"
		}
	case "InvalidDocument":
		d.Todo = "the document " + document + " is AWS's own: see whether the region has it with `aws ssm describe-document`"
	}
	return d
}
