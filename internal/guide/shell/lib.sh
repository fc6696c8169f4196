# shellcheck shell=bash
# What guide.sh and teardown.sh have in common. It runs with bash 3.2, which macOS has, and later. It keeps what it found out in the file
# env beside it, and asks AWS again each time whether a thing is there: env is a notebook, not a state.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
notebook=$here/env
scratch=$(mktemp -d)
# What to say if a command fails: AWS's own words stand above it.
failure=
trap 'if [ $? != 0 ] && [ -n "$failure" ]; then say "FAILED: $failure"; fi; rm -rf "$scratch"' EXIT
dry_run=

# What AWS says of a thing that is not there, in its services' words.
absent='NoSuch|NotFound|not found|DoesNotExist|does not exist|not subscribed'

say() { printf '%s\n' "$*" >&2; }

die() {
  failure=
  say "FAILED: $*"
  exit 1
}

# misused SENTENCE: ends, as the script was called in a way that it does not know.
misused() {
  say "$*"
  exit 2
}

# remember VARIABLE VALUE: sets it, and writes it down where the next run finds it. A dot at the end and a path before an id are left out.
remember() {
  local value=${2%.}
  value=${value#/hostedzone/}
  [ "${!1:-}" = "$value" ] && return 0
  printf -v "$1" '%s' "$value"
  printf "%s='%s'\n" "$1" "$value" >>"$notebook"
}

# fill FILE: its text, with the value of NAME for each @{NAME}.
fill() {
  local text name
  text=$(cat "$here/in/$1")
  while [[ $text =~ @\{([A-Z0-9_]+)\} ]]; do
    name=${BASH_REMATCH[1]}
    if [ -z "${!name:-}" ]; then
      say "FAILED: $1 needs $name, which no step has found yet. Run the steps before this one first."
      return 1
    fi
    text=${text//"@{$name}"/${!name}}
  done
  printf '%s' "$text"
}

# stamp: 26 digits that no name had before: 18 of time and 8 of chance, as Terraform ends its generated names.
stamp() { printf '%s%04d%08x' "$(date -u +%Y%m%d%H%M%S)" $((RANDOM % 10000)) $((RANDOM * 32768 + RANDOM)); }

# tolerate CODE COMMAND...: runs a command that AWS refuses with an error code if it was done before.
tolerate() {
  local code=$1
  shift
  if ! "$@" 2>"$scratch/tolerated"; then
    grep -q "$code" "$scratch/tolerated" || {
      cat "$scratch/tolerated" >&2
      return 1
    }
  fi
}

# until_is VALUE COMMAND...: asks until the command prints the value, for 30 minutes.
until_is() {
  local want=$1 tries=0 got
  shift
  while got=$("$@") && [ "$got" != "$want" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 180 ] || die "still $got after half an hour, not $want. Look in the console, then run this step again."
    sleep 10
  done
  [ "$got" = "$want" ]
}

# look NAME VARIABLE...: asks AWS whether a thing is there. Sets its variables, and gives 0 if it is, 1 if it is not, and 2 if AWS does not
# know all of it yet. VARIABLE@TEXT is what follows TEXT.
look() {
  local name=$1 found missing='' i=0 spec value
  local values
  shift
  declare -F "find_$name" >/dev/null || return 1
  if ! found=$("find_$name" 2>"$scratch/error"); then
    grep -Eq "$absent" "$scratch/error" && return 1
    cat "$scratch/error" >&2
    die "AWS did not say whether $name is there. What to do by error code: README.md, \"When a step fails\"."
  fi
  read -r -a values <<<"${found:-None}"
  [ "${values[0]:-None}" != None ] || return 1
  for spec in "$@"; do
    value=${values[$i]:-None}
    i=$((i + 1))
    if [ "$value" = None ]; then
      missing=yes
      continue
    fi
    case $spec in *@*) value=${value#*"${spec#*@}"} ;; esac
    remember "${spec%%@*}" "$value"
  done
  [ -z "$missing" ] || return 2
}

# settled NAME: the variable that says that a thing was completed.
settled() { printf 'SETTLED_%s' "$1" | tr '[:lower:]' '[:upper:]'; }

# ensure NAME VARIABLE...: makes a thing where it is not there, and completes it.
ensure() {
  local name=$1 mark there=0 tries=0
  mark=$(settled "$name")
  look "$@" || there=$?
  if [ "$there" = 1 ] && declare -F "make_$name" >/dev/null; then
    if ! declare -F "find_$name" >/dev/null && [ -n "${!mark:-}" ]; then
      say "  there  $name"
      return 0
    fi
    if [ -n "$dry_run" ]; then
      say "  would make $name"
      return 0
    fi
    say "  make   $name"
    remember "$mark" ''
    failure="$name is not made. What to do by error code: README.md, \"When a step fails\"."
    "make_$name" >/dev/null
    failure=
  else
    say "  there  $name"
  fi
  [ -z "$dry_run" ] || return 0
  if [ "$there" != 0 ] && declare -F "find_$name" >/dev/null; then
    # AWS may need a moment to show what it has just made, and all of it; what takes long is asked again once it was waited for.
    while
      there=0
      look "$@" || there=$?
      [ "$there" = 1 ] || { [ "$there" = 2 ] && ! declare -F "wait_$name" >/dev/null; }
    do
      tries=$((tries + 1))
      [ "$tries" -lt 30 ] || die "AWS does not show $name. Wait a minute, then run this step again."
      sleep 2
    done
  fi
  if [ -z "${!mark:-}" ]; then
    if declare -F "settle_$name" >/dev/null; then
      failure="$name is not complete. What to do by error code: README.md, \"When a step fails\"."
      "settle_$name" >/dev/null
      failure=
    fi
    remember "$mark" yes
  fi
}

# finish NAME VARIABLE...: waits until a thing can be used, and asks for what AWS gives it only then.
finish() {
  local name=$1 known=0 tries=0
  [ -z "$dry_run" ] || return 0
  if declare -F "wait_$name" >/dev/null; then
    say "  wait   $name"
    failure="$name is not ready. What takes long may need more time than one wait: run this step again."
    "wait_$name" >/dev/null
    failure=
  fi
  while
    known=0
    look "$@" || known=$?
    [ "$known" = 2 ]
  do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || die "AWS does not say all of $name. Wait a minute, then run this step again."
    sleep 2
  done
}

# remove NAME VARIABLE...: deletes a thing if it is there.
remove() {
  local name=$1 there=0
  shift
  look "$name" "$@" || there=$?
  if [ "$there" = 1 ]; then
    return 0
  fi
  if [ -n "$dry_run" ]; then
    say "  would delete $name"
    return 0
  fi
  say "  delete $name"
  # Not with ||, as the shell would then go on after a command of it that failed.
  failure="$name is still there. Run teardown.sh again; it goes on from here."
  "end_$name" >/dev/null
  failure=
}

# require_tools: what is needed, before anything is made.
require_tools() {
  local version
  command -v aws >/dev/null || die "the AWS CLI is not installed: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"
  version=$(aws --version 2>&1) || die "the AWS CLI does not run: $version"
  case $version in
  aws-cli/1.*)
    die "this is ${version%% *}, and AWS CLI 2 is needed: version 1 is at its end, and takes another address for some services than you set"
    ;;
  esac
}

# require_account REGION: commands go where they are meant to.
require_account() {
  export AWS_REGION=$1 AWS_DEFAULT_REGION=$1 AWS_PAGER=
  local account
  account=$(aws sts get-caller-identity --query Account --output text) || die "nobody is signed in to AWS: aws configure, or aws sso login"
  if [ -n "${ACCOUNT_ID:-}" ] && [ "$ACCOUNT_ID" != "$account" ]; then
    die "this guide was begun in account $ACCOUNT_ID, and you are signed in to $account. Use another folder for another account."
  fi
  remember ACCOUNT_ID "$account"
}

# require_zones ZONE...: a zone that the account lacks would have another name in each resource that is named for it.
require_zones() {
  local have zone
  have=$(aws ec2 describe-availability-zones --query 'AvailabilityZones[?State==`available`].ZoneName' --output text)
  for zone in "$@"; do
    case " $(printf '%s' "$have" | tr '\t' ' ') " in
    *" $zone "*) ;;
    *) die "this account has no zone $zone, only: $have. Set network.availability_zones, and generate the guide again." ;;
    esac
  done
}

# ask VARIABLE WHAT COMMAND...: asks AWS for something that differs by account or day.
ask() {
  local name=$1 what=$2 answer
  shift 2
  [ -z "${!name:-}" ] || return 0
  answer=$("$@") || die "AWS did not say $what"
  case $answer in
  '' | None) die "AWS knows no $what" ;;
  *[[:space:]]*) die "AWS knows more than one $what: $answer" ;;
  esac
  remember "$name" "$answer"
}

# delegated ZONE DOMAIN: the one point that ruins all later. Nothing goes on until the parent zone names the name servers.
delegated() {
  local servers server known=
  servers=$(aws route53 get-hosted-zone --id "$1" --query DelegationSet.NameServers --output text)
  if [ -z "${DELEGATED:-}" ] && command -v dig >/dev/null; then
    known=$(dig +short NS "$2" || true)
    for server in $servers; do
      case $known in *"$server"*) ;; *) known= ;; esac
    done
  fi
  if [ -n "${DELEGATED:-}" ] || [ -n "$known" ]; then
    remember DELEGATED yes
    return 0
  fi
  failure=
  say ""
  say "STOP. DO NOT GO ON until the internet asks this zone for $2."
  say "Enter these name servers as NS records of $2 where its parent domain is managed:"
  for server in $servers; do say "  $server"; done
  say "Then run the same command again with --delegated. Without this, no certificate is ever issued."
  exit 3
}

# close_group GROUP: takes away the rules that AWS gave a security group by itself, which have no name.
close_group() {
  local direction flag rules
  for direction in ingress egress; do
    flag=false
    [ "$direction" = ingress ] || flag=true
    rules=$(aws ec2 describe-security-group-rules --filters "Name=group-id,Values=$1" --query \
      "SecurityGroupRules[?to_string(IsEgress)=='$flag' && !(Tags[?Key=='Name'])].SecurityGroupRuleId" --output text)
    # shellcheck disable=SC2086 # they are words
    case $rules in '' | None) ;; *) aws ec2 "revoke-security-group-$direction" --group-id "$1" --security-group-rule-ids $rules ;; esac
  done
}

# find_key NAME: the id of the key with this alias, or else, as a run may have ended before the alias was made, with this name among its tags.
find_key() {
  local key keys
  if key=$(aws kms describe-key --key-id "alias/$1" --query 'KeyMetadata.[KeyState,KeyId]' --output text 2>/dev/null); then
    case $key in Enabled*) printf '%s\n' "${key##*[[:space:]]}" && return 0 ;; esac
  fi
  keys=$(aws kms list-keys --query 'Keys[].KeyId' --output text) || return 1
  for key in $keys; do
    case $(aws kms list-resource-tags --key-id "$key" --query "Tags[?TagKey=='Name'].TagValue | [0]" --output text 2>/dev/null) in
    "$1")
      case $(aws kms describe-key --key-id "$key" --query KeyMetadata.KeyState --output text) in
      Enabled) printf '%s\n' "$key" && return 0 ;;
      esac
      ;;
    esac
  done
}

# find_detector NAME: the detector of GuardDuty with this name among its tags. A region has one, which may be somebody else's.
find_detector() {
  local id ids
  ids=$(aws guardduty list-detectors --query 'DetectorIds[]' --output text) || return 1
  for id in $ids; do
    [ "$id" != None ] || continue
    case $(aws guardduty get-detector --detector-id "$id" --query Tags.Name --output text) in
    "$1") printf '%s\n' "$id" && return 0 ;;
    esac
  done
}

# find_hub TAG: Security Hub, if it has this tag. A region has one, which may be somebody else's.
find_hub() {
  local arn
  arn=$(aws securityhub describe-hub --query HubArn --output text) || return 1
  case $(aws securityhub list-tags-for-resource --resource-arn "$arn" --query "Tags.\"$1\"" --output text) in
  yes) printf '%s\n' "$arn" ;;
  esac
}

# find_certificate DOMAIN DEPLOYMENT: the certificate that was requested for this deployment, and the record that proves the domain.
find_certificate() {
  local arn certificates
  certificates=$(aws acm list-certificates --query "CertificateSummaryList[?DomainName=='$1'].CertificateArn" --output text) || return 1
  for arn in $certificates; do
    case $(aws acm list-tags-for-certificate --certificate-arn "$arn" --query "Tags[?Key=='coderaws:deployment'].Value | [0]" --output text) in
    "$2")
      aws acm describe-certificate --certificate-arn "$arn" --output text --query \
        'Certificate.[CertificateArn,DomainValidationOptions[0].ResourceRecord.Name,DomainValidationOptions[0].ResourceRecord.Value]'
      return 0
      ;;
    esac
  done
}

# find_node_group CLUSTER PREFIX: the node group whose name is the prefix and 26 digits, with its Auto Scaling group and its ARN.
find_node_group() {
  local group groups
  groups=$(aws eks list-nodegroups --cluster-name "$1" --query "nodegroups[?starts_with(@, '$2')]" --output text) || return 1
  for group in $groups; do
    if [ "${#group}" = $((${#2} + 26)) ]; then
      aws eks describe-nodegroup --cluster-name "$1" --nodegroup-name "$group" --output text --query \
        'nodegroup.[nodegroupName,resources.autoScalingGroups[0].name,nodegroupArn]'
      return 0
    fi
  done
}

# reach CLUSTER: lets Helm and kubectl reach the cluster. The file holds no secret: it names the command that asks AWS for a token.
reach() {
  command -v helm >/dev/null || die "Helm is not installed: https://helm.sh/docs/intro/install/"
  export KUBECONFIG=$here/kubeconfig
  aws eks update-kubeconfig --name "$1" --kubeconfig "$KUBECONFIG" >/dev/null
}

# find_release CLUSTER NAMESPACE NAME: the release, if it is installed whole. There is none in a cluster that is not there yet.
find_release() {
  local status
  status=$(aws eks describe-cluster --name "$1" --query cluster.status --output text) || return 1
  [ "$status" = ACTIVE ] || return 0
  reach "$1" || return 1
  helm list --namespace "$2" --filter "^$3\$" --deployed --short
}

# issue_owner SECRET EMAIL: makes a password, and keeps it in Secrets Manager with the name and address of its owner. It is in no file
# and on no command line.
issue_owner() {
  local password
  password=$(aws secretsmanager get-random-password --password-length 25 --exclude-punctuation --require-each-included-type \
    --query RandomPassword --output text)
  printf '{"username":"owner","email":"%s","password":"%s"}' "$2" "$password" |
    aws secretsmanager put-secret-value --secret-id "$1" --secret-string file:///dev/stdin
}

# empty_bucket BUCKET: deletes all that is in it, and what was written over, too.
empty_bucket() {
  local versions
  while true; do
    versions=$(aws s3api list-object-versions --bucket "$1" --max-items 500 --output json --query \
      '{Objects: [Versions, DeleteMarkers][] | [?Key].{Key: Key, VersionId: VersionId}, Quiet: `true`}') || return 1
    case $versions in *VersionId*) ;; *) return 0 ;; esac
    aws s3api delete-objects --bucket "$1" --delete "$versions"
  done
}

# delete_database_cluster CLUSTER: with a last snapshot, which is kept.
delete_database_cluster() {
  aws rds delete-db-cluster --db-cluster-identifier "$1" --no-skip-final-snapshot --final-db-snapshot-identifier "$1-final-$(stamp)"
}
