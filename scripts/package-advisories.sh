# Sourced by test.sh: what the package source says against the packages that we take.

# advisories PROJECT vulnerable|deprecated: prints the packages that have one, for vulnerable also those that packages bring along.
# Returns 1 when there are any, 2 when the source can't be asked.
advisories() {
  local output transitive=
  [ "$2" = deprecated ] || transitive=--include-transitive
  output=$(DOTNET_CLI_UI_LANGUAGE=en dotnet list "$1" package "--$2" $transitive --no-restore 2>&1) || { tail -n 3 <<<"$output"; return 2; }
  # The exit code of dotnet list says nothing of what it has found.
  if grep -q "has the following $2 packages" <<<"$output"; then
    grep -E "has the following $2 packages|^ *> " <<<"$output"
    return 1
  fi
}

# source_has_advisories: returns 1, and says why, when the package source can't be asked, or
# has none even for a package with a well-known one.
source_has_advisories() {
  local output
  output=$(dotnet restore scripts/advisory-probe.proj 2>&1) || { tail -n 3 <<<"$output"; return 1; }
  advisories scripts/advisory-probe.proj vulnerable >/dev/null
  case $? in
    0) echo "the package source has no advisories, not even for packages that are known to be vulnerable"; return 1 ;;
    1) return 0 ;;
    *) echo "the package source can't be asked"; return 1 ;;
  esac
}
