# Two: a queue in the cloud, and something that runs beside it. For tests.

region = "us-east-1"
name   = "two"
domain = "coder.example.com"
