# Sourced by test.sh where there is no pwsh: tries the PowerShell .NET tool, and Pester, from the configured
# package sources into out/tools. Where these lack them, PATH stays as it is and the caller says what it skips.
tools="$PWD/out/tools"
if [ ! -x "$tools/pwsh" ] && [ ! -e "$tools/none" ]; then
  mkdir -p "$tools"
  if ! dotnet tool install PowerShell --version "7.6.*" --tool-path "$tools" >"$tools/install.log" 2>&1; then
    # Remembered, so that a second run is quick; remove out/tools to try again.
    touch "$tools/none"
  fi
fi
if [ -x "$tools/pwsh" ]; then
  PATH="$tools:$PATH"
  pwsh -NoProfile -NonInteractive -Command '
    if (-not (Get-Module -ListAvailable Pester | Where-Object Version -ge 5.5)) {
      Save-PSResource Pester -Version "[5.7,6.0)" -Path "'"$tools"'/Modules" -TrustRepository -ErrorAction Stop
    }' >>"$tools/install.log" 2>&1 || true
  export PSModulePath="$tools/Modules${PSModulePath:+:$PSModulePath}"
fi
