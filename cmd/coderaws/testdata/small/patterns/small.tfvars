# Small: two subnets and a table. For tests.

region = "us-east-1"
name   = "small"
domain = "coder.example.com"
