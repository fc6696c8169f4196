# A deployment of last winter, which docs/operations/upgrade.md brings to this one.
region = "us-east-1"
domain = "coder.example.com"
dns    = { create_zone = true }

cluster  = { version = "1.34" }
database = { engine_version = "16" }
coder    = { version = "2.34.0" }
