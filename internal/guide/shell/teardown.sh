#!/usr/bin/env bash
# Deletes what guide.sh has made, the last first, and can be run again until nothing is left. What holds data is deleted only if it is
# named. ./teardown.sh --help says what it takes.
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

usage="usage: ./teardown.sh [--dry-run] [--delete-data ADDRESS]..."

help() {
  cat <<END
$usage

Deletes what guide.sh has made, the last first. It can be stopped and run again until nothing is left.

  --dry-run              what would be deleted; nothing is
  --delete-data ADDRESS  delete this too, though it holds data; for each that does

What holds data:
END
  holders list_holder
  cat <<END

Exit status: 0 nothing is left; 2 wrong usage; 3 refused, as data was not named; else AWS or the AWS CLI refused something, and says what.
END
}

list_holder() { printf '  %s  %s\n' "$1" "$2"; }

# sought ADDRESS WHAT NAME VARIABLE...: notes whether data is there to be named that way.
sought() { [ "$1" != "$address" ] || known=yes; }

named="
"
while [ $# -gt 0 ]; do
  case $1 in
  --dry-run) dry_run=yes ;;
  --delete-data)
    address=${2:-}
    known=
    [ -n "$address" ] || misused "--delete-data needs an address"
    holders sought
    [ -n "$known" ] || misused "$address holds no data of this guide; --help lists what does"
    named="$named$address
"
    shift
    ;;
  -h | --help)
    help
    exit 0
    ;;
  *) misused "$usage" ;;
  esac
  shift
done

require_tools
require_account "$region"

say "Looking for what is there."
collect() { look "$@" || true; }
each_thing collect

unnamed=
# holder ADDRESS WHAT NAME VARIABLE...: refuses to delete data that nobody named.
holder() {
  local address=$1 what=$2 there=0
  shift 2
  look "$@" || there=$?
  [ "$there" != 1 ] || return 0
  case $named in
  *"
$address
"*) ;;
  *)
    say "  $address holds $what"
    unnamed="$unnamed --delete-data '$address'"
    ;;
  esac
}
holders holder
if [ -n "$unnamed" ]; then
  say "REFUSED: this would delete data that was not named. If it may be lost: ./teardown.sh$unnamed"
  exit 3
fi

each_thing_backwards remove
if [ -z "$dry_run" ]; then
  # What was found is gone; the next guide.sh begins anew.
  : >env
  say "Nothing of this guide is left, except what AWS keeps for a while: deleted keys until their day, and the last snapshot of the database."
fi
