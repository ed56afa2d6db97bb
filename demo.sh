#!/usr/bin/env bash
# ./demo.sh          brings up an agent over podman, deploys samples/hello, calls it, takes everything down again
# ./demo.sh --keep   leaves it running and says how to use it
# ./demo.sh --stop   takes down what --keep left
# --release, with either of the first two: with the programs of ./build.sh --release, which are compiled ahead of time
set -eu
cd "$(dirname "$0")"
root=$PWD
. scripts/packages.sh
. scripts/powershell.sh

mode=run
programs=$root/out
for option in "$@"; do
  case $option in
    --keep) mode=keep ;;
    --stop) mode=stop ;;
    --release) programs=$root/out/release/$(scripts/rid.sh) ;;
    *) echo "usage: ./demo.sh [--release] [--keep | --stop]" >&2; exit 2 ;;
  esac
done

image=localhost/mcp-hello:v1
kept="$root/out/demo"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() { printf '\033[2m$ %s\033[0m\n' "$*"; "$@"; }
fail() { echo "demo.sh: $*" >&2; exit 1; }

# take_down DIR: undeploys, ends the agent, removes the image and the folder. Each part runs whatever the others did.
take_down() {
  local dir=$1 pid
  [ -f "$dir/agent.pid" ] || return 0
  pid=$(cat "$dir/agent.pid")
  if [ -d "/proc/$pid" ] && grep -qa mcp-agent "/proc/$pid/cmdline"; then
    if [ -f "$dir/mcp.toml" ]; then
      MCP_CONFIG="$dir/mcp.toml" "$programs/mcp" undeploy hello --yes >/dev/null 2>&1 || true
    fi
    kill -TERM "$pid" 2>/dev/null || true
    timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid" 2>/dev/null || true
  fi
  # What a deploy that was interrupted has left; the image is this script's own.
  podman ps -aq --filter label=mcp.managed=true --filter "ancestor=$image" 2>/dev/null | xargs -r podman rm -f -t 1 >/dev/null 2>&1 || true
  # The agent has named the image, too, for its releases. Another demo may have the same image: then it keeps it.
  local id
  id=$(podman image inspect -f '{{.Id}}' "$image" 2>/dev/null) && [ -f "$dir/agent/agent-id" ] &&
    podman rmi "localhost/mcp-release/$(cat "$dir/agent/agent-id"):${id:0:12}" >/dev/null 2>&1
  podman rmi -f "$image" >/dev/null 2>&1 || true
  rm -rf -- "$dir"
}

if [ $mode = stop ]; then
  [ -f "$kept/agent.pid" ] || { echo "nothing to stop: ./demo.sh --keep has left nothing running"; exit 0; }
  . "$kept/env.sh"
  take_down "$kept"
  echo "stopped"
  exit 0
fi

command -v dotnet >/dev/null || fail "the .NET SDK 10 is needed: 'dotnet' is not on PATH"
say "What is needed"
need_packages podman=podman runc=runc /usr/sbin/iptables=iptables /bin/busybox=busybox-static curl=curl jq=jq || fail "see above"
need_pwsh || fail "PowerShell could not be installed: see above"
. scripts/engine-env.sh
engine_env out/engine || fail "$ENGINE_ENV_REASON"
podman --version

say "Build"
./build.sh
[ "$programs" = "$root/out" ] || ./build.sh --release

if [ $mode = keep ]; then
  [ ! -f "$kept/agent.pid" ] || fail "a demo runs already: see $kept/env.sh, or end it with ./demo.sh --stop"
  mkdir -p "$kept"
  dir=$kept
else
  dir=$(mktemp -d "${TMPDIR:-/tmp}/mcp-demo.XXXXXX")
fi
ended() {
  code=$?
  trap - EXIT INT TERM
  [ "${leave:-no}" = yes ] || { say "Clean up"; take_down "$dir"; rm -rf -- "$dir"; echo "done"; }
  exit $code
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say "An image, built from scratch"
mkdir "$dir/hello"
cp samples/hello/* /bin/busybox "$dir/hello/"
podman build -q --build-arg VERSION=v1 -t "$image" "$dir/hello"

say "An agent"
: >"$dir/agent.log"
# In a session of its own: Ctrl+C is for this script, which then takes the agent down in order.
setsid "$programs/mcp-agent" dev --dir "$dir" --name demo >>"$dir/agent.log" 2>&1 &
echo $! >"$dir/agent.pid"
if ! timeout 60 sed '/^ready:/q' < <(exec tail -n +1 -f --pid="$(cat "$dir/agent.pid")" "$dir/agent.log") | grep '^ready:'; then
  cat "$dir/agent.log" >&2
  fail "the agent did not come up"
fi
mkdir -p "$dir/services"
cp samples/hello/hello.toml "$dir/services/"
fixed=18080
while (exec 3<>"/dev/tcp/127.0.0.1/$fixed") 2>/dev/null; do fixed=$((fixed + 1)); done
if [ $fixed != 18080 ]; then
  echo "port 18080 is in use here: the fixed port of this run is $fixed"
  sed -i "s/18080/$fixed/" "$dir/services/hello.toml"
fi
export MCP_CONFIG="$dir/mcp.toml" MCP_SERVICES_DIR="$dir/services"
{
  printf 'export MCP_CONFIG=%q\nexport MCP_SERVICES_DIR=%q\n' "$MCP_CONFIG" "$MCP_SERVICES_DIR"
  [ -z "${CONTAINERS_CONF:-}" ] || printf 'export CONTAINERS_CONF=%q\n' "$CONTAINERS_CONF"
} >"$dir/env.sh"
PATH="$programs:$PATH"

say "Deploy"
show mcp deploy hello
say "What runs"
show mcp ps
show mcp route list

say "Each route answers on its own port"
# call URL EXPECTED: fails unless the answer says EXPECTED.
call() {
  local answer
  answer=$(curl -fsS --max-time 5 --retry 30 --retry-delay 1 --retry-connrefused "$1") || fail "$1 does not answer"
  printf '%s  ->  %s\n' "$1" "$answer"
  [[ $answer == *"$2" ]] || fail "expected an answer that ends in '$2'"
}
while read -r component name port; do
  # A component's only route has no name: its variable is PORT.
  if [ "$name" = - ]; then variable=PORT; else variable=PORT_${name^^}; fi
  call "http://127.0.0.1:$port/" "hello from $component (v1) on $variable=$port"
done < <(mcp route list --json | jq -r '.[] | [.component, (if .name == "" then "-" else .name end), .hostPort] | @tsv')
call "http://127.0.0.1:$fixed/" "hello from web (v1) on FIXED=8080"

say "Restart one component, read its log, see what happened"
show mcp restart hello/web
show mcp logs hello/web -n 3
show mcp events hello -n 6

say "The same from PowerShell"
show pwsh -NoProfile -Command "Import-Module '$root/out/Mcp'; Get-McpComponent; Get-McpNodeStatus"

if [ $mode = keep ]; then
  leave=yes
  say "Left running"
  cat <<TEXT
In this shell:     . $dir/env.sh; PATH=$programs:\$PATH
                   mcp ps
In PowerShell:     # $(command -v pwsh)
                   \$env:MCP_CONFIG = '$MCP_CONFIG'; \$env:MCP_SERVICES_DIR = '$MCP_SERVICES_DIR'
                   Import-Module $root/out/Mcp; Get-McpComponent
Take it down:      ./demo.sh --stop
TEXT
  exit 0
fi

say "Undeploy"
show mcp undeploy hello --yes
show mcp ps
