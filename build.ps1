#!/usr/bin/env pwsh
<#
.SYNOPSIS
Makes out/mcp, out/mcp-agent and out/Mcp (the PowerShell module). build.sh does the same for a shell.
.PARAMETER Configuration
Release unless told otherwise.
.PARAMETER Force
Build although nothing has changed.
.PARAMETER Release
Make the programs for machines without .NET in out/release, which is build.sh's work: on Linux only.
.PARAMETER Rid
For which system, with -Release: linux-x64, linux-arm64 or win-x64; this one unless told otherwise.
#>
[CmdletBinding()]
param(
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',
    [switch] $Force,
    [switch] $Release,
    [string] $Rid
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
$exe = if ($IsWindows) { '.exe' } else { '' }

function Invoke-Dotnet {
    dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args[0]) $($args[1]) failed with exit code $LASTEXITCODE" }
}

# One file each, which runs from wherever it is put; beside the agent lies SQLite's native library.
function Publish-Program([string] $Project, [string] $Name) {
    Invoke-Dotnet publish $Project --configuration $Configuration --output "out/.publish/$Name" '-p:SingleProgram=true' --verbosity quiet
    # Removed first: a program that runs can't be written to.
    if (Test-Path "out/$Name$exe" -PathType Leaf) { Remove-Item "out/$Name$exe" -Force }
    Copy-Item "out/.publish/$Name/$Name$exe" "out/$Name$exe"
}

# MSBuild takes seconds to find out that there is nothing to do; a look at the clock of each source file takes none.
function Test-Changed([string] $Stamp) {
    foreach ($needed in "out/mcp$exe", "out/mcp-agent$exe", 'out/Mcp/Mcp.PowerShell.dll', $Stamp) {
        if (-not (Test-Path $needed -PathType Leaf)) { return $true }
    }
    $built = (Get-Item $Stamp -Force).LastWriteTimeUtc
    $roots = Get-Item Mcp.*, proto, Directory.*, global.json, build.ps1
    while ($roots) {
        if ($roots | Where-Object LastWriteTimeUtc -GT $built) { return $true }
        $roots = $roots | Where-Object PSIsContainer | Get-ChildItem -Force | Where-Object Name -NotIn 'bin', 'obj'
    }
    return $false
}

if ($Rid -and -not $Release) { throw '-Rid goes with -Release' }
if ($Release -and -not $IsLinux) { throw '-Release works on Linux only, where it makes programs for Windows, too: -Rid win-x64' }

Push-Location $PSScriptRoot
try {
    if ($Release) {
        $options = @(if ($Rid) { '--rid'; $Rid }; if ($Force) { '--force' })
        ./build.sh --release @options
        if ($LASTEXITCODE -ne 0) { throw "build.sh failed with exit code $LASTEXITCODE" }
        return
    }
    $stamp = "out/.built-$Configuration"
    if (-not $Force -and -not (Test-Changed $stamp)) {
        "out/mcp$exe, out/mcp-agent$exe and out/Mcp are up to date ($Configuration)"
        return
    }
    $null = New-Item out -ItemType Directory -Force
    Get-ChildItem out -Filter '.built-*' -Force | Remove-Item -Force

    Publish-Program Mcp.Cli mcp
    Publish-Program Mcp.Agent mcp-agent
    Get-ChildItem out/.publish/mcp-agent -Filter '*e_sqlite3.*' | Copy-Item -Destination out -Force
    Invoke-Dotnet msbuild Mcp.PowerShell -nologo -restore '-target:Module' "-property:Configuration=$Configuration" '-verbosity:quiet'

    $null = New-Item $stamp -ItemType File -Force
    "built out/mcp$exe, out/mcp-agent$exe and out/Mcp ($Configuration)"
}
finally {
    Pop-Location
}
