# Times one thing of the module in a PowerShell that has just started: ./module.ps1 MODULE import|cmdlet|tab. Prints milliseconds.
param([string] $Module, [string] $What)
$ErrorActionPreference = 'Stop'
# What PowerShell itself has to load for the first command of a session is not the module's.
$null = Get-Item $Module | Select-Object -First 1
$null = [System.Management.Automation.CommandCompletion]::CompleteInput('$PSV', 4, $null)
$clock = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
if ($What -eq 'import') { return $clock.Elapsed.TotalMilliseconds }
if ($What -eq 'cmdlet') {
    $clock.Restart()
    $found = @(Get-McpComponent)
    $time = $clock.Elapsed.TotalMilliseconds
    if ($found.Count -lt 10) { throw "only $($found.Count) components came" }
    return $time
}
$line = 'Get-McpComponent -Service '
$clock.Restart()
$null = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
$first = $clock.Elapsed.TotalMilliseconds
# What the first Tab may not have waited for, the next one has.
$until = [Diagnostics.Stopwatch]::StartNew()
do {
    $clock.Restart()
    $again = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)
    $second = $clock.Elapsed.TotalMilliseconds
} until ($again.CompletionMatches.CompletionText -contains 's000' -or $until.Elapsed.TotalSeconds -gt 5)
if ($again.CompletionMatches.CompletionText -notcontains 's000') { throw 'the living node''s service was never offered' }
"$first $second"
