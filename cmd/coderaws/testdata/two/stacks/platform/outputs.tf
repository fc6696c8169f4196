output "url" {
  description = "Where Coder answers."
  value       = terraform_data.release.output.url
}
