#!/usr/bin/env bash
# Prints .NET's name of this system: linux-x64. Fails where build.sh --release does not run.
case $(uname -sm) in
    "Linux x86_64") echo linux-x64 ;;
    "Linux aarch64") echo linux-arm64 ;;
    *) echo "released programs are made on Linux (x64, arm64), not on $(uname -sm)" >&2; exit 1 ;;
esac
