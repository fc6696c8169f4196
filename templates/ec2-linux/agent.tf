# The agent: what Coder runs in the workspace, to reach it.

resource "coder_agent" "main" {
  os   = "linux"
  arch = local.architecture

  # A workspace may wait for a node to start, which takes some minutes.
  connection_timeout = 600

  # The agent is made once for each workspace, and keeps where that was: the order of one agent means nothing else.
  order = local.away

  lifecycle {
    ignore_changes = [order]
  }

  env = {
    GIT_AUTHOR_NAME     = coalesce(local.owner.full_name, local.owner.name)
    GIT_AUTHOR_EMAIL    = local.owner.email
    GIT_COMMITTER_NAME  = coalesce(local.owner.full_name, local.owner.name)
    GIT_COMMITTER_EMAIL = local.owner.email
  }

  # A new home is an empty volume.
  startup_script = <<-EOT
    set -eu
    if [ ! -e "$HOME/.profile" ] && [ -d /etc/skel ]; then
      cp -R /etc/skel/. "$HOME/"
    fi
  EOT

  metadata {
    key          = "cpu"
    display_name = "CPU"
    script       = "coder stat cpu"
    interval     = 15
    timeout      = 5
    order        = 1
  }

  metadata {
    key          = "memory"
    display_name = "Memory"
    script       = "coder stat mem"
    interval     = 15
    timeout      = 5
    order        = 2
  }

  metadata {
    key          = "home"
    display_name = "Home"
    script       = "coder stat disk --path $HOME"
    interval     = 300
    timeout      = 5
    order        = 3
  }

  # The owner is told before the home is full or memory runs out.
  resources_monitoring {
    memory {
      enabled   = true
      threshold = 90
    }
    volume {
      enabled   = true
      path      = local.home_path
      threshold = 90
    }
  }
}

resource "coder_script" "code_server" {
  count = var.code_server_version == "" ? 0 : 1

  agent_id     = coder_agent.main.id
  display_name = "code-server"
  icon         = "/icon/code.svg"
  run_on_start = true

  # It listens where the agent alone can reach it, and the agent asks Coder who may: so it needs no password of its own.
  script = <<-EOT
    set -eu
    directory="$HOME/.local/lib/code-server-${var.code_server_version}"
    if [ ! -x "$directory/bin/code-server" ]; then
      rm -rf "$directory.part"
      mkdir -p "$directory.part"
      curl -fsSL --retry 5 -o "$directory.tar.gz" "https://github.com/coder/code-server/releases/download/v${var.code_server_version}/code-server-${var.code_server_version}-linux-${local.architecture}.tar.gz"
      checksum="${var.code_server_sha256}"
      if [ -n "$checksum" ] && ! echo "$checksum  $directory.tar.gz" | sha256sum -c - > /dev/null 2>&1; then
        rm "$directory.tar.gz"
        echo "The archive of code-server has another checksum than this template says: it is not installed." >&2
        exit 1
      fi
      tar -xzf "$directory.tar.gz" --strip-components=1 -C "$directory.part"
      rm "$directory.tar.gz"
      rm -rf "$directory"
      mv "$directory.part" "$directory"
    fi
    "$directory/bin/code-server" --auth none --bind-addr 127.0.0.1:13337 --disable-telemetry --disable-update-check \
      > /tmp/code-server.log 2>&1 &
  EOT
}

resource "coder_app" "code_server" {
  count = var.code_server_version == "" ? 0 : 1

  agent_id     = coder_agent.main.id
  slug         = "code-server"
  display_name = "code-server"
  icon         = "/icon/code.svg"
  url          = "http://127.0.0.1:13337/?folder=${local.home_path}"
  subdomain    = true
  share        = "owner"

  healthcheck {
    url       = "http://127.0.0.1:13337/healthz"
    interval  = 5
    threshold = 24
  }
}
