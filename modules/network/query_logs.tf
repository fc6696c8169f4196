# What is looked up by name, by whom: the one record of names that carry data out, as the VPC's resolver answers for the whole internet.
resource "aws_cloudwatch_log_group" "queries" {
  count = var.query_logs == null ? 0 : 1

  name              = "/aws/route53resolver/${var.name}"
  retention_in_days = var.query_logs.retention_days
  kms_key_id        = var.query_logs.kms_key_arn

  tags = { Name = "${var.name}-queries" }
}

resource "aws_route53_resolver_query_log_config" "this" {
  count = var.query_logs == null ? 0 : 1

  name            = var.name
  destination_arn = aws_cloudwatch_log_group.queries[0].arn

  tags = { Name = var.name }
}

resource "aws_route53_resolver_query_log_config_association" "this" {
  count = var.query_logs == null ? 0 : 1

  resolver_query_log_config_id = aws_route53_resolver_query_log_config.this[0].id
  resource_id                  = aws_vpc.this.id
}
