output "state_machine_arn" {
  description = "ARN of the state machine that sets the sizes. Its executions show what was done and what failed."
  value       = aws_sfn_state_machine.this.arn
}
