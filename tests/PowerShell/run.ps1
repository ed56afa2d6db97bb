#!/usr/bin/env pwsh
<#
.SYNOPSIS
Runs the Pester suite on the built module (out/Mcp). The last line is "N passed, N failed, N skipped".
.PARAMETER Path
Test files; all of them unless told otherwise.
.PARAMETER FailureLog
A file that each failed test is added to: its full name and the first lines of its message.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(ValueFromRemainingArguments)] [string[]] $Path = (Join-Path $PSScriptRoot '*.Tests.ps1'),
    [string] $FailureLog
)
$ErrorActionPreference = 'Stop'

Import-Module Pester -MinimumVersion 6.0 -MaximumVersion 6.99.99
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
if ($FailureLog) {
    # A test that failed with its block has no error of its own.
    $result.Failed + $result.FailedBlocks + $result.FailedContainers | Where-Object { $_.ErrorRecord } | ForEach-Object {
        $first = @($_.ErrorRecord)[0]
        'pester: ' + ($_.PSObject.Properties['ExpandedPath'] ? $_.ExpandedPath : $_.Name)
        @("$first" -split '\r?\n' | Select-Object -First 8) + @($first.ScriptStackTrace -split '\r?\n')[0] | ForEach-Object { "    $_" }
    } | Add-Content $FailureLog
}
# A file that fails before its first test must not look like success.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
'{0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $failed, ($result.SkippedCount + $result.NotRunCount)
exit ($failed -gt 0 ? 1 : 0)
