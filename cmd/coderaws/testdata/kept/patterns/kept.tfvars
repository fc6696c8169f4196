# Kept: a database with a key of its own. For tests.

region = "us-east-1"
name   = "kept"
domain = "coder.example.com"
