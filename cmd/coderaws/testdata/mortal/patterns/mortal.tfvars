# Mortal: a small network with what stands in it. For tests.

region = "us-east-1"
name   = "mortal"
domain = "coder.example.com"
