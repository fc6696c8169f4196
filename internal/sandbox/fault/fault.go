// Package fault knows how AWS and the provider behave when something goes wrong that no rule of a type forbids: the errors that can be
// ordered, a lack of capacity, how often the provider tries again, and the state in which a failed resource is left. It puts them around
// the verbs of package model, which know nothing of them. What is ordered belongs to package world. The plugin protocol and Helm import it,
// EKS for what other services ask of it, and what rehearses failures; it imports the model, and EC2 for its words.
package fault

import (
	"slices"
	"strings"

	"coderaws/internal/sandbox/model"
	"coderaws/internal/sandbox/service/ec2"
	"coderaws/internal/sandbox/world"
)

// Error is an error of AWS that can be ordered by its code.
type Error struct {
	// Code is AWS's error code, such as InsufficientInstanceCapacity.
	Code string
	// Message is AWS's text.
	Message string
	// Status is the HTTP status code.
	Status int
	// Types are the beginnings of the names of the resource types for which AWS gives this error; empty where any may get it.
	Types []string
}

// Fits reports whether AWS gives this error for a resource type.
func (e Error) Fits(typeName string) bool {
	return len(e.Types) == 0 || slices.ContainsFunc(e.Types, func(prefix string) bool { return strings.HasPrefix(typeName, prefix) })
}

// launching are the types for which EC2 launches instances, and querying those of services that answer in the older, XML form.
var launching = []string{"aws_instance", "aws_eks_node_group", "aws_autoscaling_group"}

// Errors lists the errors whose text is known, by code. Sources: the services' API models and "Common errors" pages for codes and
// statuses; messages recorded from real accounts in public reports, or the pages' own descriptions.
func Errors() []Error {
	const rate, internal = "Rate exceeded", "An internal error has occurred"
	return []Error{
		{"AccessDenied", "User is not authorized to perform this operation", 403, nil},
		{"AccessDeniedException", "User is not authorized to perform this operation", 403, nil},
		{"AddressLimitExceeded", "The maximum number of addresses has been reached.", 400, []string{"aws_eip", "aws_nat_gateway"}},
		{"ConcurrentModification",
			"The request was rejected because multiple requests to change this object were submitted simultaneously. Wait a few minutes and " +
				"submit your request again.", 409, []string{"aws_iam_"}},
		{"DependencyViolation", "The resource has a dependent object", 400, []string{"aws_vpc", "aws_subnet", "aws_security_group",
			"aws_internet_gateway", "aws_route", "aws_network", "aws_nat_gateway", "aws_eip"}},
		{"ExpiredToken", "The security token included in the request is expired", 403, nil},
		// text unverified
		{"InsufficientDBInstanceCapacity",
			"Cannot create a database instance because there are not enough resources available in the requested Availability Zone.", 400,
			[]string{"aws_rds_cluster", "aws_db_instance"}},
		{"InsufficientFreeAddressesInSubnet", "There are not enough free addresses in the subnet to satisfy the requested number of instances.",
			400, append([]string{"aws_network_interface", "aws_vpc_endpoint"}, launching...)},
		{"InsufficientInstanceCapacity",
			"We currently do not have sufficient capacity in the Availability Zone you requested. Our system will be working on provisioning " +
				"additional capacity.", 500, launching},
		{"InternalError", internal, 500, nil},
		{"InternalFailure", "The request processing has failed because of an unknown error, exception or failure.", 500, nil},
		{"InternalServerError", internal, 500, nil},
		{"InternalServiceError", internal, 500, nil},
		{"LimitExceededException", "The request was rejected because a limit was exceeded.", 400, nil},
		{"MalformedPolicyDocumentException", "Policy contains a statement with one or more invalid principals.", 400, []string{"aws_kms_"}},
		{"OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again.",
			409, []string{"aws_s3_"}},
		{"PendingVerification",
			"Your request for accessing resources in this region is being validated, and you will not be able to launch additional resources in " +
				"this region until the validation is complete.", 400, launching},
		{"PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request.", 400,
			[]string{"aws_route53_"}},
		{"RequestLimitExceeded", "Request limit exceeded.", 503, nil},
		{"RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period.", 408, nil},
		{"ResourceInUseException", "The resource is in use.", 409, nil},
		{"ServerException", internal, 500, []string{"aws_eks_"}},
		{"ServiceUnavailable", "The request has failed due to a temporary failure of the server.", 503, nil},
		{"ServiceUnavailableException", "Service is unavailable", 503, nil},
		{"SlowDown", "Please reduce your request rate.", 503, []string{"aws_s3_"}},
		{"Throttling", rate, 400, nil},
		{"ThrottlingException", rate, 400, nil},
		{"TooManyRequestsException", rate, 429, nil},
		{"UnauthorizedOperation", "You are not authorized to perform this operation.", 403, nil},
		{"UnfulfillableCapacity", "Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.",
			400, launching},
		{"UnsupportedAvailabilityZoneException",
			"Cannot create the cluster because the targeted availability zone does not currently have sufficient capacity to support the cluster.",
			400, []string{"aws_eks_cluster"}},
		{"VcpuLimitExceeded", ec2.VCPUExceeded(ec2.VCPUQuota("m5.large", false), 5).Message, 400, launching},
	}
}

// Find finds a known error by its code. For other codes it makes one with a plain message, which AWS may word otherwise.
func Find(code string) (found Error, known bool) {
	for _, e := range Errors() {
		if e.Code == code {
			return e, true
		}
	}
	return Error{Code: code, Message: "The request failed.", Status: 400}, false
}

// Answer is how AWS gives an ordered error for this call. after says that AWS takes the request at first and fails while it carries it
// out: so it is with everything that keeps the instances of a group from being launched.
func Answer(t *model.Type, c *model.Call, fault world.Error, after bool) (answer *world.Error, late bool) {
	launch := slices.Contains([]string{"InsufficientInstanceCapacity", "InsufficientFreeAddressesInSubnet", "PendingVerification",
		"UnfulfillableCapacity", "VcpuLimitExceeded"}, fault.Code)
	if launch && c.Prior == nil && t.Launch != nil {
		if failed := t.Launch(c).Failed; failed != nil {
			return failed(fault.Code, fault.Message), true
		}
	}
	return &fault, after
}

// sdkAttempts is how often the provider makes a call that AWS throttles or fails by its own fault (max_retries of the provider, 25 by
// default, which the documentation of the provider calls the number of retries and hands to the SDK as that of attempts).
const sdkAttempts = 25

// waitAttempts stands for the two minutes and more that the provider tries on in states that pass by themselves. It is an estimate.
const waitAttempts = 20

// throttled are the codes upon which the AWS SDK for Go v2 tries again, besides the statuses 500, 502, 503 and 504 (its package aws/retry).
var throttled = []string{
	"BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
	"ProvisionedThroughputExceededException",
	"RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "RequestTimeout", "RequestTimeoutException", "SlowDown",
	"Throttling", "ThrottledException", "ThrottlingException", "TooManyRequestsException", "TransactionInProgressException",
}

// passing are states that pass by themselves, upon which the provider tries again for some minutes: the code, the beginning of the names
// of the types, and the action, or none for all. Source: behaviour of the provider's resources, versions 5 and 6.
var passing = []struct {
	code, types string
	action      world.Action
}{
	{"DependencyViolation", "aws_", world.Delete},
	{"ResourceInUse", "aws_", world.Delete},
	{"ResourceInUseException", "aws_", world.Delete},
	{"DeleteConflict", "aws_iam_", world.Delete},
	{"ConcurrentModification", "aws_iam_", ""},
	{"MalformedPolicyDocument", "aws_iam_", world.Create},          // a principal that IAM does not know yet
	{"MalformedPolicyDocumentException", "aws_kms_", world.Create}, // the same
	{"OperationAborted", "aws_s3_", ""},
	{"NoSuchBucket", "aws_s3_bucket_", world.Create},
	{"InvalidRole", "aws_", world.Create},
	{"ResourceContention", "aws_autoscaling_", ""},
	{"ScalingActivityInProgress", "aws_autoscaling_", world.Delete},
	{"InvalidDBClusterStateFault", "aws_rds_cluster", ""},
	{"InvalidDBInstanceState", "aws_rds_cluster_instance", world.Delete},
}

// Attempts is how often the provider makes a call that AWS answers with an error, before it gives up. A type of another provider than
// AWS's says so itself.
func Attempts(t *model.Type, action world.Action, err *world.Error) int {
	if t.Attempts != nil {
		return t.Attempts(action, err)
	}
	// The provider excepts this one: its status is 500, and to wait for it takes longer than anybody waits.
	if err.Code == "InsufficientInstanceCapacity" {
		return 1
	}
	if slices.Contains(throttled, err.Code) || slices.Contains([]int{500, 502, 503, 504}, err.Status) {
		return sdkAttempts
	}
	for _, p := range passing {
		if p.code == err.Code && strings.HasPrefix(t.Name, p.types) && (p.action == "" || p.action == action) {
			return waitAttempts
		}
	}
	return 1
}
