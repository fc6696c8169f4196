#!/usr/bin/env bash
# Makes this deployment with the AWS CLI, step by step, as the pages beside it say. It can be stopped and run again at any time: each step
# looks first what is there. ./guide.sh --help says what it takes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
touch env
# shellcheck source=/dev/null
. ./env
# shellcheck source=in/lib.sh
. ./in/lib.sh
# shellcheck source=in/resources.sh
. ./in/resources.sh
# shellcheck source=in/steps.sh
. ./in/steps.sh

usage="usage: ./guide.sh [--list] [--from N | --only N] [--dry-run] [--delegated] | status | imports"

help() {
  cat <<END
$usage

Makes this deployment with the AWS CLI, step by step. Each step looks first what is there, so that it can be stopped and run again.

  --list       the steps
  --from N     begin with a step
  --only N     one step
  --dry-run    what would be made; nothing is
  --delegated  go on: the parent domain names the zone's name servers
  status       what is there
  imports      the import blocks with which Terraform goes on

Exit status: 0 done; 2 wrong usage; 3 the zone is not delegated yet; else AWS or the AWS CLI refused something, and says what.
END
}

# step_number OPTION NUMBER: sets number to the step that is meant, as it is listed.
step_number() {
  number=${2:-}
  case $number in '' | *[!0-9]*) misused "$1 needs the number of a step; --list shows them" ;; esac
  while [ "${number#0}" != "$number" ] && [ "$number" != 0 ]; do number=${number#0}; done
  grep -q "^ *$number  " <<<"$(titles)" || misused "there is no step $number; --list shows those that there are"
}

from=
only=
verb=run
while [ $# -gt 0 ]; do
  case $1 in
  --list) verb=list ;;
  --from | --only)
    step_number "$1" "${2:-}"
    if [ "$1" = --from ]; then from=$number; else only=$number; fi
    shift
    ;;
  --dry-run) dry_run=yes ;;
  --delegated) remember DELEGATED yes ;;
  status | imports) verb=$1 ;;
  -h | --help)
    help
    exit 0
    ;;
  *) misused "$usage" ;;
  esac
  shift
done
if [ -n "$from" ] && [ -n "$only" ]; then misused "--from and --only exclude each other"; fi

case $verb in
list)
  titles
  exit 0
  ;;
imports)
  fill imports.tf
  exit 0
  ;;
esac

require_tools
require_account "$region"
if [ "$verb" = status ]; then
  total=0
  there=0
  inventory_step() {
    total=$((total + 1))
    if look "$@" || [ $? = 2 ]; then there=$((there + 1)); elif [ $? = 1 ]; then say "  not there  $1"; fi
  }
  each_thing inventory_step
  printf '%d of %d things are there\n' "$there" "$total"
  exit 0
fi

titles >"$scratch/titles"
while read -r number title <&3; do
  if [ -n "$only" ]; then
    [ "$number" = "$only" ] || continue
  elif [ "$number" -lt "${from:-0}" ]; then
    continue
  fi
  say "$number  $title"
  "step_$number"
done 3<"$scratch/titles"
