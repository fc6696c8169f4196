# Makes the first user of Coder, who owns it. Environment: CODER_URL, where coderd answers inside of the cluster; OWNER, a directory with
# the files username, email and password.
set -euo pipefail

# ask prints the status of an answer. What is sent comes from standard input: arguments of a process are for all to read. The answers
# of all attempts come before the status of the last: curl cannot repeat what it writes to /dev/null.
ask() {
  local answer
  answer=$(curl --silent --show-error --max-time 30 --retry 8 --retry-all-errors --retry-max-time 120 --write-out '\n%{http_code}' "$@")
  echo "${answer##*$'\n'}"
}

# json prints a text as JSON.
json() {
  local text=$1
  text=${text//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

case $(ask "$CODER_URL/api/v2/users/first") in
  200)
    echo 'Coder has users: nothing is to be done'
    exit 0
    ;;
  404) ;;
  *)
    echo 'coderd does not say whether it has users' >&2
    exit 1
    ;;
esac

status=$(
  printf '{"username":%s,"email":%s,"password":%s,"trial":false}' \
    "$(json "$(< "$OWNER/username")")" "$(json "$(< "$OWNER/email")")" "$(json "$(< "$OWNER/password")")" |
    ask --request POST --header 'Content-Type: application/json' --data @- "$CODER_URL/api/v2/users/first"
)
case $status in
  201) echo 'made the first owner of Coder' ;;
  409) echo 'Coder has got its first user meanwhile' ;;
  *)
    echo "coderd did not make its first owner, and answered with status $status" >&2
    exit 1
    ;;
esac
