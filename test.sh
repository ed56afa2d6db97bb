#!/usr/bin/env bash
# ./test.sh [--release] [GROUP...]: everything, or only the groups named: packages unit toml wire contract e2e pester.
# e2e runs on the programs that ./build.sh --release makes. With --release, the other groups that start programs do, too.
# ./test.sh chaos [SEED] [KILLS]: kills a real agent at random moments (200 times), which takes a quarter of an hour or more
# and runs only when named.
# ./test.sh fuzz [SEED] [COUNT]: gives a real agent changed requests, frames, texts and layers (100,000 requests), some ten minutes; only
# when named.
# Installs what the groups need from Debian's packages, npm and NuGet; names what it skips, with the reason.
set -u
cd "$(dirname "$0")" || exit 1

# A shell that starts this in the background has it ignore Ctrl+C, as all that is started here would: tests of Ctrl+C would wait for ever.
if [ -r "/proc/$$/status" ] && [ $((0x$(awk '/^SigIgn/ { print $2 }' "/proc/$$/status") & 2)) -ne 0 ]; then
  exec env --default-signal=INT,QUIT bash ./test.sh "$@"
fi
. scripts/packages.sh
. scripts/powershell.sh
. scripts/package-advisories.sh

release=false
[ "${1:-}" != --release ] || { release=true; shift; }
all_groups="packages unit toml wire contract e2e pester"
groups=${*:-$all_groups}
if [ "${1:-}" = chaos ]; then
  export MCP_CHAOS_SEED=${2:-$RANDOM} MCP_CHAOS_KILLS=${3:-200}
  groups=chaos all_groups="$all_groups chaos"
fi
if [ "${1:-}" = fuzz ]; then
  export MCP_FUZZ_SEED=${2:-$RANDOM} MCP_FUZZ_COUNT=${3:-100000}
  groups=fuzz all_groups="$all_groups fuzz"
fi
for group in $groups; do
  case " $all_groups " in
    *" $group "*) ;;
    *) echo "test.sh: no group '$group'; there are: $all_groups" >&2; exit 2 ;;
  esac
done
wants() { case " $groups " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v dotnet >/dev/null || { echo "test.sh: the .NET SDK 10 is needed: 'dotnet' is not on PATH" >&2; exit 1; }

results=$(mktemp -d)
# Unit tests write hundreds of databases, none of which has to outlive a power cut: they are kept in memory, where there is
# enough of it and programs can be run from it.
memory=${TMPDIR:-/tmp}
if awk '$2 == "/dev/shm" && $4 !~ /noexec/ { found = 1 } END { exit !found }' /proc/mounts 2>/dev/null &&
  [ "$(df -Pk /dev/shm | awk 'END { print $4 }')" -gt 1000000 ]; then
  memory=$(mktemp -d /dev/shm/mcp-test-XXXXXX)
fi
clean() {
  rm -rf "$results"
  case $memory in /dev/shm/mcp-test-*) rm -rf "$memory" ;; esac
}
trap clean EXIT

# Groups run in lanes, side by side (see below); each lane has its own files, which are put together at the end.
lane=first

# What failed, repeated at the very end: of a long log, often only the tail is kept.
failures() { cat >>"$results/$lane.failures"; }
tally() { printf '%d %d %d\n' "$1" "$2" "$3" >>"$results/$lane.tally"; }
# broke TEXT [LOG]: something failed that no test result tells of.
broke() {
  echo "$1"
  { echo "$1"; [ -z "${2:-}" ] || tail -n 12 "$2" | sed 's/^/    /'; } | failures
  tally 0 1 0
}
notice() { printf 'skipped: %s\n' "$*"; tally 0 0 1; }

# count FILE: takes down the summary lines that dotnet test prints.
count() {
  local line
  while IFS= read -r line; do
    tally $(sed -E 's/.*Failed: +([0-9]+), +Passed: +([0-9]+), +Skipped: +([0-9]+).*/\2 \1 \3/' <<<"$line")
  done < <(grep -E '^ *(Passed|Failed|Skipped)! +- Failed:' "$1")
}

# run GROUP FILTER PROJECT...
run() {
  local group=$1 filter=$2 project
  shift 2
  for project in "$@"; do
    local log="$results/$group-$(basename "$project").log"
    printf '\n== %s: %s\n' "$group" "$(basename "$project")"
    dotnet test "$project" --no-build --nologo --filter "$filter" --logger "console;verbosity=minimal" \
      --logger "trx;LogFileName=$log.trx" --blame-hang-timeout "${hang:-5m}" >"$log" 2>&1
    local code=$?
    grep -vE '^(Test run for|VSTest version|Starting test|A total of|Blame:|Data collector|Results File:|$)|\[SKIP\]|^  Skipped ' "$log"
    # Why each was skipped, once per reason.
    awk '/<UnitTestResult /{skip=/outcome="NotExecuted"/}
      skip&&/<Message>/{sub(/.*<Message>/,"");sub(/<\/Message>.*/,"");print "skipped: " $0}' "$log.trx" 2>/dev/null |
      sort | uniq -c | sed -E 's/^ *([0-9]+) skipped: (.*)/\1 skipped: \2/'
    count "$log"
    scripts/failed-tests.sh "$group" "$log.trx" | failures
    # A run that broke before it could count anything must not pass for green.
    if [ $code -ne 0 ] && ! grep -qE '^ *Failed! ' "$log"; then
      broke "$group: $project ended with exit code $code without a result" "$log"
    elif grep -qE 'No test matches' "$log"; then
      broke "$group: no test in $project"
    fi
  done
}

packages() {
  printf '\n== packages\n'
  local kind found why
  why=$(source_has_advisories) || { notice "vulnerable and deprecated packages: $why"; return; }
  advised vulnerable Mcp.sln
  # Of what is shipped only: docs/decisions/packages.md.
  advised deprecated Mcp.Core Mcp.Agent Mcp.Cli Mcp.PowerShell
}

# advised KIND PROJECT...
advised() {
  local kind=$1 project found
  shift
  for project in "$@"; do
    found=$(advisories "$project" "$kind")
    case $? in
      0) echo "no $kind packages: $project"; tally 1 0 0 ;;
      1)
        echo "$found" >"$results/$kind.log"
        cat "$results/$kind.log"
        broke "packages: there are $kind packages in $project" "$results/$kind.log"
        ;;
      *) notice "$kind packages of $project: $found" ;;
    esac
  done
}

# Has the tests start the programs that ./build.sh --release makes.
use_released() {
  if ! { command -v clang && command -v npm; } >/dev/null; then
    notice "the programs of ./build.sh --release, which need clang and npm: the tests start those of this build"
    return 1
  fi
  if ! UseSharedCompilation=false ./build.sh --release >"$results/release.log" 2>&1; then
    broke "./build.sh --release failed; the tests start the programs of this build" "$results/release.log"
    return 1
  fi
  MCP_TEST_PROGRAMS=$PWD/out/release/$(scripts/rid.sh)
  export MCP_TEST_PROGRAMS
}

e2e() {
  if [ $release = true ] || use_released; then
    run e2e "Starts=programs" tests/Mcp.Agent.Tests tests/Mcp.Cli.Tests
  fi
  run e2e "Group=e2e" tests/Mcp.EndToEnd
}

pester() {
  printf '\n== pester\n'
  if [ "$powershell" != ready ]; then
    broke "pester: PowerShell or Pester could not be installed" "$results/powershell.log"
    return
  fi
  local line p f s
  pwsh -NoProfile -NonInteractive -File tests/PowerShell/run.ps1 -FailureLog "$results/$lane.failures" 2>&1 | tee "$results/pester.log"
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$results/pester.log" | tail -n 1)
  if [ -z "$line" ]; then
    broke "pester: the suite ended without a result" "$results/pester.log"
  else
    read -r p f s <<<"$(sed -E 's/[^0-9]+/ /g' <<<"$line")"
    tally "$p" "$f" "$s"
  fi
}

if wants contract || wants e2e || wants pester || wants chaos || wants fuzz; then
  need_packages podman=podman runc=runc /usr/sbin/iptables=iptables /bin/busybox=busybox-static \
    docker-registry=docker-registry ip=iproute2 /bin/kill=procps ||
    echo "without these, tests that need them are skipped"
fi
if wants contract; then
  need_packages dockerd=docker.io || echo "without docker.io, the contract tests run on podman alone"
fi
if wants pester; then
  powershell=ready
  { need_pwsh && need_pester; } 2>"$results/powershell.log" || powershell=missing
  cat "$results/powershell.log"
fi
if wants e2e || wants fuzz || [ $release = true ]; then
  need_packages clang=clang npm=npm || echo "without these, e2e runs on the programs of this build"
fi
if wants wire; then
  need_packages /usr/lib/python3/dist-packages/grpc=python3-grpcio || echo "without python3-grpcio, its wire tests are skipped"
  if ! command -v npm >/dev/null 2>&1; then
    echo "without node and npm, the wire tests of @grpc/grpc-js are skipped"
  elif ! (cd tests/Mcp.Wire.Tests/clients &&
    { [ node_modules -nt package.json ] || { npm ci --no-audit --no-fund --silent && touch node_modules; }; }); then
    echo "npm could not install @grpc/grpc-js: its wire tests are skipped"
  fi
fi
if wants contract || wants e2e || wants pester || wants chaos || wants fuzz; then
  . scripts/engine-env.sh
  engine_env out/engine || echo "tests that need podman are skipped: $ENGINE_ENV_REASON"
fi

# One compiler for all projects of both builds, which loads itself and the analyzers once; without, that is a third of a build's work.
# It is found through the temporary folder, so this one is ours alone and ends with us.
building() { TMPDIR=$results UseSharedCompilation=true "$@"; }
trap 'building dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1; clean' EXIT

echo "== build"
if ! building dotnet build Mcp.sln --nologo -v quiet >"$results/build.log" 2>&1; then
  grep -E 'error|warning' "$results/build.log" | sort -u | head -n 40
  echo "the build failed"
  exit 1
fi

if wants pester; then
  if ! building ./build.sh >"$results/build.log" 2>&1; then
    cat "$results/build.log"
    exit 1
  fi
fi
building dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
trap clean EXIT

# The tests start hundreds of programs that live for seconds. That the runtime watches which of their methods are called often, and
# compiles those again, takes a third of all processor time here and never pays.
export DOTNET_TieredPGO=0 DOTNET_TC_CallCounting=0

[ $release = false ] || use_released

tests="tests/Mcp.Core.Tests tests/Mcp.Agent.Tests tests/Mcp.Cli.Tests"
wants packages && packages
wants unit && TMPDIR=$memory run unit "Group!=toml&Group!=contract&Group!=e2e" $tests
wants toml && run toml "Group=toml" tests/Mcp.Core.Tests
wants wire && run wire "Group=wire" tests/Mcp.Wire.Tests

# These mostly wait for engines, so two lanes of them go side by side. The second one's output is kept until the first has ended.
engine_groups() {
  wants contract && run contract "Group=contract" tests/Mcp.Core.Tests tests/Mcp.Agent.Tests
  wants pester && pester
}
if wants chaos; then
  echo "seed $MCP_CHAOS_SEED, $MCP_CHAOS_KILLS kills; as it goes: tail -f out/faults/chaos.txt"
  rm -f out/faults/chaos.txt
  hang=24h run chaos "Group=chaos" tests/Mcp.EndToEnd
  cat out/faults/chaos.txt
fi
if wants fuzz; then
  [ $release = true ] || use_released
  echo "seed $MCP_FUZZ_SEED, $MCP_FUZZ_COUNT requests; as it goes: tail -f out/fuzz/fuzz.txt"
  rm -rf out/fuzz
  hang=24h run fuzz "Group=fuzz" tests/Mcp.EndToEnd
  cat out/fuzz/fuzz.txt
fi
if wants e2e; then
  rm -rf out/faults out/hardening
  # A process group of its own, so that all of it can be ended with this script.
  set -m
  (lane=second && e2e) >"$results/second.out" 2>&1 &
  second=$!
  set +m
  trap 'kill -TERM -- "-$second"; cat "$results/second.out"; exit 130' INT TERM
  engine_groups
  wait "$second"
  trap - INT TERM
  cat "$results/second.out"
  [ -d out/faults ] && printf '\n== what was broken | what ought to come of it | what did\n' && cat out/faults/*.txt
  [ -d out/hardening ] && printf '\n== what is attacked | how | memory of the agent | time | what survived\n' && cat out/hardening/*.txt
else
  engine_groups
fi

cat "$results"/*.failures >"$results/failures" 2>/dev/null
if [ -s "$results/failures" ]; then
  printf '\nfailed:\n'
  cat "$results/failures"
fi
read -r passed failed skipped < <(cat "$results"/*.tally 2>/dev/null |
  awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }')
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
