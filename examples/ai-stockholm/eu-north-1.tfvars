# Coder for the engineers of Example Ltd in Sweden, with AI models in every workspace: SR-Simple in Stockholm, and Coder's AI Gateway.

region = "eu-north-1"
name   = "coder-ai"
domain = "coder.example.com"

# example.com is a zone of this account, kept by the network team.
dns = {
  zone_name = "example.com"
}

deployment_features = {
  ai_gateway = true
}

# Both models answer from regions of the European Union alone: that is what eu. says. Before the first request, somebody of this account
# submits Anthropic's use-case form once (docs/operations/ai.md).
ai = {
  gateway = "coder"
  models = {
    main  = "eu.anthropic.claude-sonnet-4-6"
    small = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
  }

  # 30 people, of whom each uses about 6 million tokens on a day with much to do: twice that is worth a look.
  daily_tokens = 360000000

  # Agreed with the works council: 90 days, in Coder's database alone.
  retention_days = 90
  log_prompts    = false

  # Keys that people bring would take prompts to whom they have a contract with.
  allow_own_keys = false
}

coder = {
  version = "2.35.1"
}

# A Premium licence that holds the AI Gateway.
secrets = {
  license = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:coder/license-AbCdEf"
}

max_workspaces = 30

node_groups = {
  workspace = {
    min_size = 4
    max_size = 20
  }
}

observability = {
  alarm_emails = ["platform-on-call@example.com"]
}
