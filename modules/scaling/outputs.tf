output "state_machine_arn" {
  description = "ARN of the state machine that sets the sizes. Its executions show what was done and what failed."
  value       = aws_sfn_state_machine.this.arn
}

output "schedules" {
  description = "What each schedule sets, by its name: the least sizes of groups by their key in var.groups, except on holidays."
  value = {
    for edge, due in local.edges : edge => {
      holidays  = due.size == "peak_min" ? try(var.schedule.holidays, []) : []
      min_sizes = { for name, group in var.groups : name => group[due.size] }
    }
  }
}
