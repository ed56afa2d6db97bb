# Sourced by demo.sh and test.sh: puts PowerShell and Pester from NuGet into out/tools where this machine has no fitting one.
# The versions stand here and nowhere else.
powershell_version=7.6.9
pester_version=6.2.0
powershell_tools=$PWD/out/tools

# need_pwsh: `pwsh` is on PATH in the release that the module is for. Returns 1, and says why, when it can't be installed.
need_pwsh() {
  is_wanted_pwsh pwsh && return 0
  if ! is_wanted_pwsh "$powershell_tools/pwsh"; then
    echo "installing PowerShell $powershell_version (.NET tool) into out/tools" >&2
    # An install that was interrupted leaves files that the next one trips over.
    rm -rf "$powershell_tools/pwsh" "$powershell_tools/.store/powershell"
    quietly dotnet tool install PowerShell --version "$powershell_version" --tool-path "$powershell_tools" || return 1
  fi
  PATH="$powershell_tools:$PATH"
}

# need_pester: `pwsh` finds Pester in its major version. Returns 1, and says why, when it can't be installed.
need_pester() {
  finds_pester && return 0
  local module=$powershell_tools/Modules/Pester/$pester_version
  if [ ! -f "$module/Pester.psd1" ]; then
    echo "installing Pester $pester_version into out/tools" >&2
    quietly dotnet restore scripts/pester.proj --force -p:PesterVersion="$pester_version" || return 1
    mkdir -p "${module%/*}"
    ln -sfn "$powershell_tools/packages/pester/$pester_version/tools" "$module"
  fi
  export PSModulePath="$powershell_tools/Modules${PSModulePath:+:$PSModulePath}"
  finds_pester || { echo "Pester $pester_version was installed into $module, and pwsh does not find it there" >&2; return 1; }
}

is_wanted_pwsh() {
  case $("$1" --version 2>/dev/null) in
    "PowerShell ${powershell_version%.*}."*) return 0 ;;
    *) return 1 ;;
  esac
}

finds_pester() {
  pwsh -NoProfile -NonInteractive -Command \
    "exit [int] -not (Get-Module -ListAvailable Pester | Where-Object { \$_.Version.Major -eq ${pester_version%%.*} })"
}

# quietly COMMAND...: shows what a command printed only if it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || { echo "$output" >&2; return 1; }
}
