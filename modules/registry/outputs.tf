output "repository_urls" {
  description = "Where each repository is, without a tag, by the names given, known before they are made."
  value       = { for key, repository in aws_ecr_repository.this : key => "${local.host}/${repository.name}" }
}
