BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    $manifest = Import-PowerShellDataFile (Get-ModulePath)
    $cmdlets = $manifest.CmdletsToExport
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    $modulePath = Get-ModulePath
    Import-Module $modulePath -Force

    function Invoke-Fresh([string] $Script) { pwsh -NoProfile -NonInteractive -OutputFormat Text -Command $Script }
}

Describe 'Import' {
    It 'exports what the manifest names, and nothing else' {
        $names = (Get-Command -Module Mcp).Name | Sort-Object
        $names | Should -Be ((Import-PowerShellDataFile $modulePath).CmdletsToExport | Sort-Object)
    }

    It 'has arrays in its objects, which can be indexed' {
        # PowerShell can't index every IReadOnlyList: those of C# collection expressions have no public indexer.
        $types = (Get-Command -Module Mcp)[0].ImplementingType.Assembly.ExportedTypes | Where-Object Name -Like 'Mcp*'
        $lists = $types.ForEach{ $_.GetProperties() }.Where{
            $_.PropertyType -ne [string] -and [System.Collections.IEnumerable].IsAssignableFrom($_.PropertyType)
        }
        $lists.Count | Should -BeGreaterThan 10
        $lists.Where{ -not $_.PropertyType.IsArray }.Name |
            Should -BeNullOrEmpty
    }

    It 'uses approved verbs' {
        $approved = (Get-Verb).Verb
        (Get-Command -Module Mcp).Verb | Where-Object { $_ -notin $approved } | Should -BeNullOrEmpty
    }

    It 'works twice with -Force in one session' {
        $said = Invoke-Fresh "
            `$ErrorActionPreference = 'Stop'
            Import-Module '$modulePath' -Force
            `$null = Test-McpDefinition /nowhere.toml -ErrorAction Ignore
            Import-Module '$modulePath' -Force
            `$null = Test-McpDefinition /nowhere.toml -ErrorAction Ignore
            Remove-Module Mcp
            Import-Module '$modulePath'
            (Get-Command -Module Mcp).Count"
        $said | Should -Be (Get-Command -Module Mcp).Count
    }

    It 'keeps its dependencies in a load context of its own' {
        $said = Invoke-Fresh "
            Import-Module '$modulePath'
            `$null = Test-McpDefinition /nowhere.toml -ErrorAction Ignore
            foreach (`$context in [System.Runtime.Loader.AssemblyLoadContext]::All) {
                foreach (`$name in `$context.Assemblies.ForEach{ `$_.GetName().Name }) {
                    if (`$name -match '^(Mcp|Grpc|Google)\b') { `"`$(`$context.Name) `$name`" }
                }
            }"
        $said | Should -Contain 'Mcp Mcp.Core'
        $said | Where-Object { $_ -match '^Default' } | Should -Be 'Default Mcp.PowerShell'
    }

    It 'does not mind another Google.Protobuf that was loaded before' {
        $other = Join-Path $TestDrive Google.Protobuf.dll
        $said = Invoke-Fresh "
            Add-Type -OutputAssembly '$other' -TypeDefinition '[assembly: System.Reflection.AssemblyVersion(`"2.0.0.0`")]
                namespace Google.Protobuf { public class MessageExtensions { } }'
            [System.Reflection.Assembly]::LoadFrom('$other').GetName().Version.ToString()
            Import-Module '$modulePath'
            `$env:MCP_CONFIG = '$TestDrive/other.toml'
            Set-Content `$env:MCP_CONFIG '[[nodes]]', 'name = `"n`"', 'address = `"$(Get-DeadAddress)`"', 'token = `"t`"'
            chmod 600 `$env:MCP_CONFIG
            try { Get-McpService -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }"
        $said[0] | Should -Be '2.0.0.0'
        $said[1] | Should -BeLike 'connection-refused,*'
    }

    It 'reads no config and calls nobody' {
        $said = Invoke-Fresh "
            `$env:MCP_CONFIG = '/nowhere/mcp.toml'
            Import-Module '$modulePath'
            [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -contains 'Mcp.Core'"
        $said | Should -Be 'False'
    }
}

Describe '<_>' -ForEach $cmdlets {
    BeforeAll {
        $cmdlet = Get-Command $_
        $help = Get-Help $_ -Full
    }

    It 'says what it writes' {
        $cmdlet.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'takes -Config' {
        $cmdlet.Parameters.Keys | Should -Contain 'Config'
    }

    It 'has -WhatIf if it changes something' {
        $cmdlet.Parameters.ContainsKey('WhatIf') | Should -Be ($cmdlet.Verb -notin 'Get', 'Test')
    }

    It 'completes its names' {
        foreach ($name in 'Service', 'Component', 'Node', 'Image') {
            if ($cmdlet.Parameters.ContainsKey($name)) {
                $cmdlet.Parameters[$name].Attributes.Where{ $_ -is [ArgumentCompleter] } | Should -Not -BeNullOrEmpty -Because $name
            }
        }
    }

    It 'has help: synopsis, description, examples, and every parameter' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "$($cmdlet.Name)*"
        $help.description.Text | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        $common = [System.Management.Automation.Cmdlet]::CommonParameters
        foreach ($name in $cmdlet.Parameters.Keys | Where-Object { $_ -notin $common }) {
            ($help.parameters.parameter | Where-Object name -EQ $name).description.Text | Should -Not -BeNullOrEmpty -Because "-$name"
        }
    }

    It 'has examples that bind' {
        foreach ($example in $help.examples.example) {
            $parseErrors = $null
            $tokens = $null
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($example.code, [ref]$tokens, [ref]$parseErrors)
            $parseErrors | Should -BeNullOrEmpty
            foreach ($command in $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                Get-Command $command.GetCommandName() -ErrorAction Ignore | Should -Not -BeNullOrEmpty -Because $command.Extent.Text
                $bound = [System.Management.Automation.Language.StaticParameterBinder]::BindCommand($command, $true)
                $bound.BindingExceptions.Values.BindingException.Message | Should -BeNullOrEmpty -Because $command.Extent.Text
            }
        }
    }
}

Describe 'Help' {
    It 'is what the pages in docs/cmdlets say' {
        $root = Join-Path $PSScriptRoot ../..
        & "$root/docs/cmdlets/build-help.ps1" -Module $modulePath -OutFile (Join-Path $TestDrive help.xml)
        Get-Content (Join-Path $TestDrive help.xml) -Raw |
            Should -BeExactly (Get-Content "$root/Mcp.PowerShell/en-US/Mcp.PowerShell.dll-Help.xml" -Raw)
    }

    It 'has about_Mcp and about_McpServiceDefinition' {
        (Get-Help about_Mcp) | Should -Match 'mcp-agent'
        (Get-Help about_McpServiceDefinition) | Should -Match 'components.routes'
    }
}
