data "aws_caller_identity" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id

  # Ids of statements take letters and digits.
  labels   = { for service in keys(var.writers) : service => replace(title(replace(trimsuffix(service, ".amazonaws.com"), ".", " ")), " ", "") }
  acts_for = { for service, source in var.writers : service => source == "" ? {} : { ArnLike = { "aws:SourceArn" = source } } }
}

resource "aws_s3_bucket" "this" {
  bucket              = var.bucket
  object_lock_enabled = var.lock != null
  force_destroy       = !var.deletion_protection

  tags = { Name = var.bucket }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    # One request to the key for many records.
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_object_lock_configuration" "this" {
  count = var.lock == null ? 0 : 1

  bucket = aws_s3_bucket.this.id

  rule {
    default_retention {
      mode = var.lock
      days = var.retention_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "retention"
    status = "Enabled"

    filter {}

    expiration {
      days = var.retention_days
    }

    # Nothing writes a record twice: what has a newer version was written over by somebody else, and is kept for who looks into it.
    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "TLSAlone"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      flatten([
        for service, source in var.writers : [
          {
            Sid       = "${local.labels[service]}Looks"
            Effect    = "Allow"
            Principal = { Service = service }
            Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
            Resource  = [aws_s3_bucket.this.arn]
            Condition = merge({ StringEquals = { "aws:SourceAccount" = local.account_id } }, local.acts_for[service])
          },
          {
            Sid       = "${local.labels[service]}Writes"
            Effect    = "Allow"
            Principal = { Service = service }
            Action    = ["s3:PutObject"]
            Resource  = ["${aws_s3_bucket.this.arn}/*AWSLogs/${local.account_id}/*"]
            Condition = merge(
              { StringEquals = { "aws:SourceAccount" = local.account_id, "s3:x-amz-acl" = "bucket-owner-full-control" } },
              local.acts_for[service],
            )
          },
        ]
      ]),
    )
  })

  # S3 answers a change of either while the other is under way with a conflict.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
