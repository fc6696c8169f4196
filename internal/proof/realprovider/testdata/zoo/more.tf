data "aws_iam_policy_document" "resource" {
  statement {
    actions   = ["*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"]
    }
  }
}

data "aws_iam_policy_document" "identity" {
  statement {
    actions   = ["s3:ListBucket", "s3:GetObject"]
    resources = ["*"]
  }
}

resource "aws_kms_key" "policy" {
  policy = data.aws_iam_policy_document.resource.json
}

resource "aws_sns_topic_policy" "events" {
  arn    = aws_sns_topic.events.arn
  policy = data.aws_iam_policy_document.resource.json
}

resource "aws_sqs_queue_policy" "jobs" {
  queue_url = aws_sqs_queue.jobs.id
  policy    = data.aws_iam_policy_document.resource.json
}

resource "aws_ecr_repository_policy" "web" {
  repository = aws_ecr_repository.web.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Pull"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = ["ecr:BatchGetImage"]
    }]
  })
}

resource "aws_secretsmanager_secret_policy" "main" {
  secret_arn = aws_secretsmanager_secret.main.arn
  policy     = data.aws_iam_policy_document.resource.json
}

resource "aws_secretsmanager_secret_version" "main" {
  secret_id     = aws_secretsmanager_secret.main.id
  secret_string = "not a secret"
}

resource "aws_iam_user_policy" "robot" {
  user   = aws_iam_user.robot.name
  policy = data.aws_iam_policy_document.identity.json
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.main.id
  service_name    = "com.amazonaws.${data.aws_region.current.name}.s3"
  route_table_ids = [aws_route_table.public.id]
  policy          = data.aws_iam_policy_document.resource.json
}

resource "aws_api_gateway_rest_api" "main" {
  name   = "zoo"
  policy = data.aws_iam_policy_document.resource.json

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "hello" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  parent_id   = aws_api_gateway_rest_api.main.root_resource_id
  path_part   = "hello"
}

resource "aws_api_gateway_method" "hello" {
  rest_api_id   = aws_api_gateway_rest_api.main.id
  resource_id   = aws_api_gateway_resource.hello.id
  http_method   = "GET"
  authorization = "NONE"
}

resource "aws_codebuild_project" "main" {
  name         = "zoo"
  service_role = aws_iam_role.function.arn

  artifacts {
    type = "NO_ARTIFACTS"
  }

  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"

    environment_variable {
      name  = "STAGE"
      value = "test"
    }
  }

  source {
    type     = "GITHUB"
    location = "https://github.com/example/example.git"
  }
}

resource "aws_athena_workgroup" "main" {
  name = "zoo"

  configuration {
    result_configuration {
      output_location = "s3://${aws_s3_bucket.data.bucket}/results/"
    }
  }
}

resource "aws_glue_catalog_database" "main" {
  name = "zoo"
}

resource "aws_glue_catalog_table" "main" {
  name          = "events"
  database_name = aws_glue_catalog_database.main.name

  storage_descriptor {
    location = "s3://example/events/"

    columns {
      name = "id"
      type = "string"
    }

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "main" {
  name        = "zoo"
  destination = "extended_s3"

  extended_s3_configuration {
    role_arn   = aws_iam_role.function.arn
    bucket_arn = aws_s3_bucket.data.arn
  }
}

resource "aws_guardduty_detector" "main" {
  enable = true
}

resource "aws_opensearch_domain" "main" {
  domain_name    = "zoo"
  engine_version = "OpenSearch_2.15"

  cluster_config {
    instance_type = "t3.small.search"
  }

  ebs_options {
    ebs_enabled = true
    volume_size = 10
  }
}

resource "aws_msk_cluster" "main" {
  cluster_name           = "zoo"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2

  broker_node_group_info {
    instance_type   = "kafka.t3.small"
    client_subnets  = [for subnet in aws_subnet.public : subnet.id]
    security_groups = [aws_security_group.web.id]
  }
}

resource "aws_wafv2_ip_set" "office" {
  name               = "office"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = ["203.0.113.0/24"]
}

resource "aws_batch_job_definition" "main" {
  name = "zoo"
  type = "container"

  container_properties = jsonencode({
    image                = "busybox"
    command              = ["true"]
    resourceRequirements = [{ type = "VCPU", value = "1" }, { type = "MEMORY", value = "512" }]
  })
}

resource "aws_appautoscaling_target" "web" {
  max_capacity       = 4
  min_capacity       = 1
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}

resource "aws_scheduler_schedule" "main" {
  name                = "zoo"
  schedule_expression = "rate(1 hour)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sqs_queue.jobs.arn
    role_arn = aws_iam_role.scheduled["scheduler"].arn
  }
}

resource "aws_vpc_peering_connection" "other" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = "vpc-0123456789abcdef0"
}

resource "aws_ec2_transit_gateway" "main" {
  description = "Zoo"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "main" {
  transit_gateway_id = aws_ec2_transit_gateway.main.id
  vpc_id             = aws_vpc.main.id
  subnet_ids         = [for subnet in aws_subnet.public : subnet.id]
}

resource "aws_ses_domain_identity" "main" {
  domain = "zoo.example.com"
}

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_resourcegroups_group" "main" {
  name = "zoo"

  resource_query {
    query = jsonencode({ ResourceTypeFilters = ["AWS::AllSupported"], TagFilters = [{ Key = "owner", Values = ["zoo"] }] })
  }
}
