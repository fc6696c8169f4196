output "key_arn" {
  description = "ARN of the key, for the arguments that name a customer managed key."
  value       = aws_kms_key.this.arn
}

output "alias_name" {
  description = "Alias of the key, with the prefix alias/."
  value       = aws_kms_alias.this.name
}
