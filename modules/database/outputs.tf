output "cluster_identifier" {
  description = "Identifier of the Aurora cluster, the dimension of its metrics."
  value       = aws_rds_cluster.this.cluster_identifier
}

output "engine_version" {
  description = "Version of PostgreSQL that runs, with its minor version."
  value       = aws_rds_cluster.this.engine_version_actual
}

output "endpoint" {
  description = "Host name that always leads to the writer."
  value       = aws_rds_cluster.this.endpoint

  # The host name answers once an instance runs.
  depends_on = [aws_rds_cluster_instance.this]
}

output "port" {
  description = "Port of PostgreSQL."
  value       = aws_rds_cluster.this.port
}

output "database_name" {
  description = "Name of the first database."
  value       = aws_rds_cluster.this.database_name
}

output "resource_id" {
  description = "Resource ID of the cluster, which IAM policies for signing in name."
  value       = aws_rds_cluster.this.cluster_resource_id
}

output "master_secret_arn" {
  description = "ARN of the secret in which RDS keeps the master user's password."
  value       = aws_rds_cluster.this.master_user_secret[0].secret_arn
}
