#!/usr/bin/env bash
# Makes out/mcp, out/mcp-agent and out/Mcp (the PowerShell module). build.ps1 does the same for PowerShell.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: ./build.sh [--configuration Debug|Release] [--force]
       ./build.sh --release [--rid linux-x64|linux-arm64|win-x64] [--force]

  -c, --configuration   Release unless told otherwise
  --release             make out/release/RID/{mcp,mcp-agent,SHA256SUMS}: compiled ahead of time, for machines without .NET
  --rid                 for which system, with --release; this one unless told otherwise
  --force               build although nothing has changed
TEXT
}

configuration=Release
force=false
release=false
rid=
while [ $# -gt 0 ]; do
    case $1 in
        -c | --configuration)
            [ $# -ge 2 ] || { echo "build.sh: $1 needs a value" >&2; exit 2; }
            configuration=$2
            shift 2
            ;;
        --configuration=*) configuration=${1#*=}; shift ;;
        --release) release=true; shift ;;
        --rid)
            [ $# -ge 2 ] || { echo "build.sh: $1 needs a value" >&2; exit 2; }
            rid=$2
            shift 2
            ;;
        --rid=*) rid=${1#*=}; shift ;;
        --force) force=true; shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "build.sh: unknown argument $1" >&2; usage >&2; exit 2 ;;
    esac
done

cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! command -v dotnet > /dev/null; then
    echo "build.sh: dotnet is not on PATH; install the .NET SDK that global.json names" >&2
    exit 1
fi

if [ "$release" = true ]; then
    exec scripts/release.sh "$force" ${rid:+"$rid"}
elif [ -n "$rid" ]; then
    echo "build.sh: --rid goes with --release" >&2
    exit 2
fi

# MSBuild takes seconds to find out that there is nothing to do; a look at the clock of each source file takes none.
stamp=out/.built-$configuration
if [ "$force" = false ] && [ -x out/mcp ] && [ -x out/mcp-agent ] && [ -f out/Mcp/Mcp.PowerShell.dll ] && [ -f "$stamp" ]; then
    changed=$(find Mcp.* proto Directory.* global.json build.sh \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)
    if [ -z "$changed" ]; then
        echo "out/mcp, out/mcp-agent and out/Mcp are up to date ($configuration)"
        exit 0
    fi
fi
rm -f out/.built-*

# One file each, which runs from wherever it is put; beside the agent lies SQLite's native library.
publish() {
    dotnet publish "$1" --configuration "$configuration" --output "out/.publish/$2" -p:SingleProgram=true --verbosity quiet
    # install removes what was there first: a program that runs can't be written to.
    install -m 755 "out/.publish/$2/$2" "out/$2"
}
mkdir -p out
publish Mcp.Cli mcp
publish Mcp.Agent mcp-agent
find out/.publish/mcp-agent -maxdepth 1 -name '*e_sqlite3.*' -exec install -m 755 {} out/ \;
dotnet msbuild Mcp.PowerShell -nologo -restore -target:Module -property:Configuration="$configuration" -verbosity:quiet

touch "$stamp"
echo "built out/mcp, out/mcp-agent and out/Mcp ($configuration)"
