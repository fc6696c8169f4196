output "trail_arn" {
  description = "ARN of the trail, or null."
  value       = one(aws_cloudtrail.this[*].arn)
}

output "detector_id" {
  description = "ID of GuardDuty's detector, or null."
  value       = one(aws_guardduty_detector.this[*].id)
}
