package world

import "fmt"

// Error is an error as an AWS API answers it. Code and Message have the shape that AWS gives them; the protocol adds the
// envelope that Terraform users know (operation, status code, request id).
type Error struct {
	// Status is the HTTP status code, 400 if zero.
	Status int
	Code   string
	// Call is the API operation that answered, where it is another one than what was asked for begins with.
	Call    string
	Message string
	// Timing says when AWS would report it, if not at once: a node group that cannot launch instances fails after half an hour.
	Timing string
	// Waiting says that AWS takes the request and fails minutes later, while the provider waits: what is missing may still be made by then.
	Waiting bool
	// Attempts is how often the provider had tried when it gave up; one if zero.
	Attempts int
	// Late says that AWS took the call and failed afterwards. Message is then the whole of what the provider says.
	Late bool
}

// Error is AWS's own one-line form.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Fail builds an Error with HTTP status 400 and a formatted message.
func Fail(code, format string, args ...any) *Error {
	return &Error{Status: 400, Code: code, Message: fmt.Sprintf(format, args...)}
}

// NotFound builds an Error with HTTP status 404 and a formatted message.
func NotFound(code, format string, args ...any) *Error {
	return &Error{Status: 404, Code: code, Message: fmt.Sprintf(format, args...)}
}

// Conflict builds an Error with HTTP status 409 and a formatted message.
func Conflict(code, format string, args ...any) *Error {
	return &Error{Status: 409, Code: code, Message: fmt.Sprintf(format, args...)}
}
