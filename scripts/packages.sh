# Sourced by demo.sh and test.sh: installs Debian packages that are missing.

# need_packages COMMAND-OR-PATH=PACKAGE...: installs the packages whose command (or absolute path) is missing.
# Returns 1 and says what is missing where nothing can be installed.
need_packages() {
  local pair missing=() sudo=()
  for pair in "$@"; do
    case ${pair%%=*} in
      /*) [ -e "${pair%%=*}" ] || missing+=("${pair#*=}") ;;
      *) command -v "${pair%%=*}" >/dev/null 2>&1 || missing+=("${pair#*=}") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "missing, and there is no apt-get to install them: ${missing[*]}" >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      echo "missing; install them first: sudo apt-get install ${missing[*]}" >&2
      return 1
    fi
    sudo=(sudo -n)
  fi
  echo "installing from Debian's packages: ${missing[*]}" >&2
  local log
  log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    echo "installing ${missing[*]} failed" >&2
    return 1
  fi
  rm -f "$log"
}
