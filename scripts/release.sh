#!/usr/bin/env bash
# release.sh FORCE [RID], called by build.sh --release: makes out/release/RID/{mcp,mcp-agent,SHA256SUMS}.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
. scripts/sqlite.sh

here=$(scripts/rid.sh)
force=$1 rid=${2:-$here}

# Debian packages of the tool chain; how clang compiles for that system; what .NET's build has to be told beyond the system's name.
tools=(clang=clang npm=npm) clang=(clang) options=() exe=
case $here,$rid in
    "$here,$here") tools+=(ar=binutils /usr/include/unistd.h=libc6-dev) ;;
    linux-x64,linux-arm64)
        tools+=(aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu /usr/aarch64-linux-gnu/include/unistd.h=libc6-dev-arm64-cross)
        clang=(clang --target=aarch64-linux-gnu)
        options=(-p:ObjCopyName=aarch64-linux-gnu-objcopy)
        ;;
    *,win-x64) tools=() exe=.exe ;;
    *) echo "build.sh: $here cannot make programs for $rid; there are linux-x64, linux-arm64 (on x64, too) and win-x64" >&2; exit 2 ;;
esac

release=out/release/$rid stamp=out/release/.built-$rid
if [ "$force" = false ] && [ -f "$stamp" ] && [ -x "$release/mcp$exe" ] && [ -x "$release/mcp-agent$exe" ]; then
    changed=$(find Mcp.Agent Mcp.Cli Mcp.Core proto Directory.* global.json scripts/release.sh scripts/sqlite.sh \
        \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print -quit)
    if [ -z "$changed" ]; then
        echo "$release is up to date"
        exit 0
    fi
fi
rm -f "$stamp"
need_packages "${tools[@]}"

work=$PWD/out/.native/$rid
mkdir -p "$work" "$release"
touch "$work/started"
if [ ${#tools[@]} -gt 0 ]; then
    need_sqlite "$work/sqlite-$sqlite_version" "${clang[@]}"
    options+=(-p:SqliteFolder="$work/sqlite-$sqlite_version")
fi
# publish PROJECT NAME
publish() {
    dotnet publish "$1" --configuration Release --output "$work/$2" -p:NativeProgram="$rid" "${options[@]}" --verbosity quiet
    # install removes what was there first: a program that runs can't be written to.
    install -m 755 "$work/$2/$2$exe" "$release/"
}
publish Mcp.Cli mcp
publish Mcp.Agent mcp-agent
(cd "$release" && sha256sum "mcp$exe" "mcp-agent$exe" >SHA256SUMS)

# What changed while this ran is built the next time.
touch -r "$work/started" "$stamp"
echo "built $release/mcp$exe and $release/mcp-agent$exe"
