output "platform" {
  description = "What the platform needs."
  value = {
    region          = var.region
    access_url      = "https://${var.domain}"
    alarm_topic_arn = aws_sns_topic.alarms.arn
    queues          = length(aws_sqs_queue.jobs)
  }
}
