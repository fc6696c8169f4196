output "repository_urls" {
  description = "Where each repository is, without a tag, by the names given."
  value       = { for key, repository in aws_ecr_repository.this : key => repository.repository_url }
}
