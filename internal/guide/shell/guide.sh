#!/usr/bin/env bash
# Makes this deployment with the AWS CLI, step by step, as the pages beside it say. It can be stopped and run again at any time: each step
# looks first what is there. Usage: ./guide.sh [--list] [--from N] [--only N] [--dry-run] [--delegated] | status | imports
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

from=0
only=
verb=run
while [ $# -gt 0 ]; do
  case $1 in
  --list) verb=list ;;
  --from | --only)
    case ${2:-} in '' | *[!0-9]*) die "$1 needs the number of a step; --list shows them" ;; esac
    if [ "$1" = --from ]; then from=$2; else only=$2; fi
    shift
    ;;
  --dry-run) dry_run=yes ;;
  --delegated) remember DELEGATED yes ;;
  status | imports) verb=$1 ;;
  *)
    say "usage: ./guide.sh [--list] [--from N] [--only N] [--dry-run] [--delegated] | status | imports"
    exit 2
    ;;
  esac
  shift
done

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
  elif [ "$number" -lt "$from" ]; then
    continue
  fi
  say "$number  $title"
  "step_$number"
done 3<"$scratch/titles"
