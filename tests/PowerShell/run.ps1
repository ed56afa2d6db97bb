#!/usr/bin/env pwsh
<#
.SYNOPSIS
Runs the Pester suite on the built module (out/Mcp). The last line is "N passed, N failed, N skipped".
.PARAMETER Path
Test files; all of them unless told otherwise.
#>
[CmdletBinding()]
param([Parameter(ValueFromRemainingArguments)] [string[]] $Path = (Join-Path $PSScriptRoot '*.Tests.ps1'))
$ErrorActionPreference = 'Stop'

Import-Module Pester -MinimumVersion 5.5.0
Import-Module (Join-Path $PSScriptRoot TestAgent.psm1)
if (-not (Test-Path (Get-ModulePath))) { throw 'out/Mcp is not built; run ./build.sh or ./build.ps1 first' }

$settings = New-PesterConfiguration
$settings.Run.Path = @($Path | ForEach-Object { (Resolve-Path $_).Path })
$settings.Run.PassThru = $true
$settings.Output.Verbosity = 'Detailed'
$settings.Output.RenderMode = 'Plaintext'
$obstacle = Get-AgentObstacle
if ($obstacle) {
    "notice: tests that need an agent are skipped: $obstacle"
    $settings.Filter.ExcludeTag = 'Agent'
}
$result = $null
try {
    $result = Invoke-Pester -Configuration $settings
}
finally {
    Stop-TestAgent
}
# A file that fails before its first test must not look like success.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $failed, ($result.SkippedCount + $result.NotRunCount)
exit ($failed -gt 0 ? 1 : 0)
