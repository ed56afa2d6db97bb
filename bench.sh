#!/usr/bin/env bash
# ./bench.sh                  measures everything and writes bench/RESULTS.md; about 20 minutes
# ./bench.sh NAME...          only these; writes out/bench/RESULTS.md
# ./bench.sh --list           what there is
# ./bench.sh --before DIR     measures the programs of an earlier build in the same run: DIR has its mcp and mcp-agent, and Mcp if it
#                             is to be compared as well
# ./bench.sh --programs DIR   measures these instead of a release build (out/release/RID)
# Installs what it compares with from Debian's packages, npm and NuGet.
set -eu
cd "$(dirname "$0")"
root=$PWD
. scripts/packages.sh
. scripts/powershell.sh
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { echo "bench.sh: $*" >&2; exit 1; }
usage() { sed -n '2,8s/^# \{0,1\}//p' bench.sh; }

names=() arguments=() programs= list=no
while [ $# -gt 0 ]; do
  case $1 in
    --list) list=yes ;;
    --before | --programs)
      [ $# -ge 2 ] || fail "$1 needs a folder"
      [ -x "$2/mcp" ] && [ -x "$2/mcp-agent" ] || fail "there are no mcp and mcp-agent in $2"
      if [ "$1" = --before ]; then arguments+=(--before "$(cd "$2" && pwd)"); else programs=$(cd "$2" && pwd); fi
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    -*) echo "bench.sh: unknown argument $1" >&2; usage >&2; exit 2 ;;
    *) names+=("$1") ;;
  esac
  shift
done
wants() { [ ${#names[@]} -eq 0 ] || case " ${names[*]} " in *" $1 "*) ;; *) return 1 ;; esac; }

command -v dotnet >/dev/null || fail "the .NET SDK 10 is needed: 'dotnet' is not on PATH"
mkdir -p out/bench

# build PROJECT FOLDER: quick when nothing has changed.
build() {
  dotnet build "$1" --configuration Release --output "$2" --verbosity quiet -p:WarningLevel=0 >out/bench/build.log 2>&1 ||
    { grep -E 'error' out/bench/build.log | sort -u | head -n 20 >&2; fail "$1 does not build"; }
}
build bench/Mcp.Bench out/bench/program
bench=$root/out/bench/program/mcp-bench
if [ $list = yes ]; then exec "$bench" --list; fi

need_packages podman=podman runc=runc /usr/sbin/iptables=iptables /bin/busybox=busybox-static ip=iproute2 /bin/kill=procps ||
  fail "see above"
# What is missing is said in the results of the rows that need it.
if wants compose; then need_packages docker-compose=docker-compose podman-compose=podman-compose || true; fi
if wants image-send; then need_packages docker-registry=docker-registry || true; fi
if wants rpc; then
  need_packages h2load=nghttp2-client || true
  (cd tests/Mcp.Wire.Tests/clients &&
    { [ node_modules -nt package.json ] || { npm ci --no-audit --no-fund --silent && touch node_modules; }; }) ||
    echo "npm could not install @grpc/grpc-js" >&2
fi
if wants start || wants memory; then
  if [ ! -x out/bench/empty-app/empty-app ] || [ bench/EmptyApp/Program.cs -nt out/bench/empty-app/empty-app ]; then
    need_packages clang=clang /usr/include/zlib.h=zlib1g-dev || true
    dotnet publish bench/EmptyApp --configuration Release --use-current-runtime --output out/bench/empty-app --verbosity quiet \
      >out/bench/build.log 2>&1 || { tail -n 5 out/bench/build.log >&2; echo "the empty application could not be compiled" >&2; }
  fi
  [ ! -x out/bench/empty-app/empty-app ] || arguments+=(--empty-app "$root/out/bench/empty-app/empty-app")
fi
if wants module; then need_pwsh || true; fi
. scripts/engine-env.sh
engine_env out/engine || fail "$ENGINE_ENV_REASON"

if [ -z "$programs" ]; then
  # Asks for nothing when the programs are up to date.
  ./build.sh --release || fail "the release build failed"
  case $(uname -m) in aarch64) programs=$root/out/release/linux-arm64 ;; *) programs=$root/out/release/linux-x64 ;; esac
fi
if wants module; then
  ./build.sh >/dev/null
  arguments+=(--module "$root/out/Mcp")
fi

results=out/bench/RESULTS.md
[ ${#names[@]} -gt 0 ] || results=bench/RESULTS.md
exec "$bench" --programs "$programs" --results "$root/$results" "${arguments[@]}" ${names[@]+"${names[@]}"}
