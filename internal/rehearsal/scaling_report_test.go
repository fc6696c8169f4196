package rehearsal_test

import (
	"strings"
	"testing"
)

// TestScheduleWithoutRights rehearses a schedule that AWS accepts and that fails each time it is due.
func TestScheduleWithoutRights(t *testing.T) {
	report, err := rehearse(t, engineOrSkip(t), header+`
resource "aws_iam_role" "of" {
  for_each           = toset(["scheduler", "states"])
  name               = each.key
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "${each.key}.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_sfn_state_machine" "this" {
  name       = "nothing"
  role_arn   = aws_iam_role.of["states"].arn
  definition = jsonencode({ QueryLanguage = "JSONata", StartAt = "Done", States = { Done = { Type = "Succeed" } } })
}
resource "aws_scheduler_schedule" "this" {
  name                         = "daily"
  schedule_expression          = "cron(30 6 * * ? *)"
  schedule_expression_timezone = "Asia/Kolkata"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_sfn_state_machine.this.arn
    role_arn = aws_iam_role.of["scheduler"].arn
  }
}
`)
	if err != nil {
		t.Fatal(err)
	}
	if report.Good() || len(report.Scaling) != 1 {
		t.Fatalf("the rehearsal is good, with schedules %+v", report.Scaling)
	}
	s := report.Scaling[0]
	if s.Schedule != "daily" || s.Days != "every day" || s.Clock != "06:30" || s.Timezone != "Asia/Kolkata" ||
		!strings.HasPrefix(s.Failure,
			"AccessDeniedException: User: arn:aws:iam::123456789012:role/scheduler is not authorized to perform: states:StartExecution") {
		t.Errorf("%+v", s)
	}
}
