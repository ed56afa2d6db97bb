<#
.SYNOPSIS
Writes the module's MAML help from the pages in this folder and the cmdlets' own metadata.
.DESCRIPTION
The pages hold the text (synopsis, description, parameters, examples); syntax, types, positions and pipeline input come from the built
module, so that they can't be wrong. Run it after ./build.sh (or build.ps1) whenever a page or a parameter changes;
the result is committed, so that building the module needs no PowerShell. A test compares the two.
#>
[CmdletBinding()]
param(
    [string] $Module = (Join-Path $PSScriptRoot ../../out/Mcp/Mcp.psd1),
    [string] $OutFile = (Join-Path $PSScriptRoot ../../Mcp.PowerShell/en-US/Mcp.PowerShell.dll-Help.xml)
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$maml = 'http://schemas.microsoft.com/maml/2004/10'
$command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
$dev = 'http://schemas.microsoft.com/maml/dev/2004/10'
$common = [System.Management.Automation.Cmdlet]::CommonParameters

# A page as a table: section -> lines, and below Parameters and Examples: heading -> lines.
function Read-Page([string] $Path) {
    $page = @{ Parameters = [ordered]@{}; Examples = [ordered]@{} }
    $section = ''
    $lines = $null
    foreach ($line in Get-Content -LiteralPath $Path) {
        if ($line -match '^## (?<name>.+)$') {
            $section = $Matches.name
            $lines = [System.Collections.Generic.List[string]]::new()
            if ($section -notin 'Parameters', 'Examples') { $page[$section] = $lines }
        }
        elseif ($line -match '^### (?<name>.+)$') {
            $lines = [System.Collections.Generic.List[string]]::new()
            $into = if ($section -eq 'Examples') { 'Examples' } else { 'Parameters' }
            $page[$into][$Matches.name.TrimStart('-')] = $lines
        }
        elseif ($null -ne $lines) { $lines.Add($line) }
    }
    $page
}

function Get-Paragraph([System.Collections.Generic.List[string]] $Lines) {
    # Lines are wrapped in the pages, and by the console in help.
    ($Lines -join "`n").Trim() -split '\n\s*\n' | Where-Object { $_ } | ForEach-Object { $_ -replace '\s*\n\s*', ' ' }
}

function Write-Description($Xml, [string[]] $Paragraphs) {
    $Xml.WriteStartElement('maml', 'description', $maml)
    foreach ($paragraph in $Paragraphs) { $Xml.WriteElementString('maml', 'para', $maml, $paragraph) }
    $Xml.WriteEndElement()
}

function Write-Type($Xml, [string] $Name) {
    $Xml.WriteStartElement('dev', 'type', $dev)
    $Xml.WriteElementString('maml', 'name', $maml, $Name)
    $Xml.WriteEndElement()
}

function Get-TypeName([type] $Type) {
    if ($Type -eq [System.Management.Automation.SwitchParameter]) { 'SwitchParameter' }
    elseif ($Type.IsArray) { "$($Type.GetElementType().Name)[]" }
    else { $Type.Name }
}

function Write-Parameter($Xml, $Parameter, [string[]] $Text, [bool] $InSyntax) {
    $pipeline = @(
        if ($Parameter.ValueFromPipeline) { 'ByValue' }
        if ($Parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    ) -join ', '
    $type = Get-TypeName $Parameter.ParameterType
    $Xml.WriteStartElement('command', 'parameter', $command)
    $Xml.WriteAttributeString('required', "$($Parameter.IsMandatory)".ToLowerInvariant())
    $Xml.WriteAttributeString('variableLength', 'true')
    $wildcards = [bool]($Parameter.Attributes | Where-Object { $_ -is [SupportsWildcards] })
    $Xml.WriteAttributeString('globbing', "$wildcards".ToLowerInvariant())
    $Xml.WriteAttributeString('pipelineInput', $(if ($pipeline) { "True ($pipeline)" } else { 'False' }))
    $Xml.WriteAttributeString('position', $(if ($Parameter.Position -ge 0) { "$($Parameter.Position)" } else { 'named' }))
    $Xml.WriteAttributeString('aliases', $(if ($Parameter.Aliases) { ($Parameter.Aliases | Sort-Object) -join ', ' } else { 'none' }))
    $Xml.WriteElementString('maml', 'name', $maml, $Parameter.Name)
    Write-Description $Xml $Text
    if (-not $InSyntax -or $type -ne 'SwitchParameter') {
        $Xml.WriteStartElement('command', 'parameterValue', $command)
        $Xml.WriteAttributeString('required', "$($type -ne 'SwitchParameter')".ToLowerInvariant())
        $Xml.WriteAttributeString('variableLength', 'false')
        $Xml.WriteString($type)
        $Xml.WriteEndElement()
    }
    Write-Type $Xml $type
    $Xml.WriteElementString('dev', 'defaultValue', $dev, $(if ($type -eq 'SwitchParameter') { 'False' } else { 'None' }))
    $Xml.WriteEndElement()
}

function Write-Command($Xml, $Cmdlet, $Page, $Shared) {
    $text = {
        param($name)
        $lines = $Page.Parameters[$name] ?? $Shared.Parameters[$name]
        if ($null -eq $lines) { throw "$($Cmdlet.Name): no page describes -$name" }
        Get-Paragraph $lines
    }
    $sets = @(foreach ($set in $Cmdlet.ParameterSets) {
        , @($set.Parameters | Where-Object Name -NotIn $common |
            Sort-Object { if ($_.Position -ge 0) { $_.Position } else { 99 } }, { $_.Name -in 'WhatIf', 'Confirm' }, Name)
    })
    foreach ($name in $Page.Parameters.Keys) {
        if (-not $Cmdlet.Parameters.ContainsKey($name)) { throw "$($Cmdlet.Name) has no parameter -$name, but its page describes one" }
    }

    $Xml.WriteStartElement('command', 'command', $command)
    $Xml.WriteAttributeString('xmlns', 'maml', $null, $maml)
    $Xml.WriteAttributeString('xmlns', 'dev', $null, $dev)

    $Xml.WriteStartElement('command', 'details', $command)
    $Xml.WriteElementString('command', 'name', $command, $Cmdlet.Name)
    $Xml.WriteElementString('command', 'verb', $command, $Cmdlet.Verb)
    $Xml.WriteElementString('command', 'noun', $command, $Cmdlet.Noun)
    Write-Description $Xml (Get-Paragraph $Page.Synopsis)
    $Xml.WriteEndElement()
    Write-Description $Xml (Get-Paragraph $Page.Description)

    $Xml.WriteStartElement('command', 'syntax', $command)
    foreach ($set in $sets) {
        $Xml.WriteStartElement('command', 'syntaxItem', $command)
        $Xml.WriteElementString('maml', 'name', $maml, $Cmdlet.Name)
        foreach ($parameter in $set) { Write-Parameter $Xml $parameter (& $text $parameter.Name) $true }
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()

    $Xml.WriteStartElement('command', 'parameters', $command)
    foreach ($parameter in $sets | ForEach-Object { $_ } | Sort-Object Name -Unique) {
        Write-Parameter $Xml $parameter (& $text $parameter.Name) $false
    }
    $Xml.WriteEndElement()

    $Xml.WriteStartElement('command', 'inputTypes', $command)
    foreach ($type in $sets | ForEach-Object { $_ } | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName } |
            ForEach-Object { Get-TypeName $_.ParameterType } | Sort-Object -Unique) {
        $Xml.WriteStartElement('command', 'inputType', $command)
        Write-Type $Xml $type
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()

    $Xml.WriteStartElement('command', 'returnValues', $command)
    foreach ($type in $Cmdlet.OutputType) {
        $Xml.WriteStartElement('command', 'returnValue', $command)
        Write-Type $Xml $type.Name
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()

    $Xml.WriteStartElement('command', 'examples', $command)
    $number = 0
    foreach ($example in $Page.Examples.GetEnumerator()) {
        $code = ($example.Value -join "`n") -replace '(?s)^.*?```powershell\n(.*?)\n```.*$', '$1'
        $rest = ($example.Value -join "`n") -replace '(?s)^.*?```powershell\n.*?\n```', ''
        $Xml.WriteStartElement('command', 'example', $command)
        $Xml.WriteElementString('maml', 'title', $maml, "Example $((++$number)): $($example.Key)")
        $Xml.WriteElementString('dev', 'code', $dev, $code)
        $Xml.WriteStartElement('dev', 'remarks', $dev)
        $Xml.WriteElementString('maml', 'para', $maml, $rest.Trim())
        $Xml.WriteEndElement()
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()

    $Xml.WriteStartElement('command', 'relatedLinks', $command)
    foreach ($link in (($Page.Links -join ' ') -split ',').Trim() | Where-Object { $_ }) {
        $Xml.WriteStartElement('maml', 'navigationLink', $maml)
        $Xml.WriteElementString('maml', 'linkText', $maml, $link)
        $Xml.WriteElementString('maml', 'uri', $maml, '')
        $Xml.WriteEndElement()
    }
    $Xml.WriteEndElement()
    $Xml.WriteEndElement()
}

$loaded = Import-Module $Module -PassThru
$shared = Read-Page (Join-Path $PSScriptRoot _parameters.md)
$settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = [System.Text.UTF8Encoding]::new($false) }
$target = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($OutFile)
$xml = [System.Xml.XmlWriter]::Create($target, $settings)
try {
    $xml.WriteStartElement('helpItems', 'http://msh')
    $xml.WriteAttributeString('schema', 'maml')
    foreach ($cmdlet in $loaded.ExportedCmdlets.Values | Sort-Object Name) {
        Write-Command $xml $cmdlet (Read-Page (Join-Path $PSScriptRoot "$($cmdlet.Name).md")) $shared
    }
    $xml.WriteEndElement()
}
finally {
    $xml.Dispose()
}
