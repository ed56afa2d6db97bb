BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    Import-Module (Get-ModulePath) -Force

    function Get-Validation([System.Attribute] $Attribute) {
        switch ($Attribute.GetType().Name -replace 'Attribute$') {
            'Alias' { 'Alias(' + ($Attribute.AliasNames -join ' ') + ')' }
            'ValidateSet' { 'ValidateSet(' + ($Attribute.ValidValues -join ' ') + ')' }
            'ValidateRange' { "ValidateRange($($Attribute.MinRange) $($Attribute.MaxRange))" }
            'ArgumentCompleter' { "$($Attribute.Type.Name)" }
            'NameOf' { "NameOf($($Attribute.Properties -join ' ')$($Attribute.Required ? ' required' : ''))" }
            { $_ -eq 'Parameter' -or $_ -like 'Nullable*' } { }
            default { $_ }
        }
    }

    # "ByService(mandatory 0 value name)": what is not said is false, and a parameter without position is named only.
    function Get-Binding([Parameter] $Parameter) {
        $set = $Parameter.ParameterSetName -eq '__AllParameterSets' ? '' : $Parameter.ParameterSetName
        $said = @(
            if ($Parameter.Mandatory) { 'mandatory' }
            if ($Parameter.Position -ge 0) { $Parameter.Position }
            if ($Parameter.ValueFromPipeline) { 'value' }
            if ($Parameter.ValueFromPipelineByPropertyName) { 'name' }
            if ($Parameter.ValueFromRemainingArguments) { 'rest' }
        )
        $set -or $said ? "$set($($said -join ' '))" : ''
    }

    function Get-ParameterTable {
        foreach ($command in Get-Command -Module Mcp | Sort-Object Name) {
            $default = $command.DefaultParameterSet ? " [$($command.DefaultParameterSet)]" : ''
            "$($command.Name)$default -> $($command.OutputType.Name -replace '^Mcp\.PowerShell\.' -join ', ')"
            $own = $command.Parameters.Values | Where-Object Name -notin ([System.Management.Automation.PSCmdlet]::CommonParameters) |
                Sort-Object Name
            foreach ($parameter in $own) {
                $bindings = $parameter.Attributes.Where{ $_ -is [Parameter] } | Sort-Object ParameterSetName |
                    ForEach-Object { Get-Binding $_ } | Where-Object { $_ }
                $validations = $parameter.Attributes | ForEach-Object { Get-Validation $_ } | Sort-Object
                "    -$($parameter.Name) $((@($parameter.ParameterType.Name) + $bindings + $validations) -join ' ')"
            }
        }
    }
}

Describe 'Parameters' {
    # Scripts rely on each of these. A change on purpose goes into the table as well.
    It 'have the names, aliases, sets, positions and pipeline binding that Parameters.txt lists' {
        $expected = Get-Content (Join-Path $PSScriptRoot Parameters.txt)
        $differences = Compare-Object $expected @(Get-ParameterTable) -SyncWindow 0 |
            ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        $differences | Should -BeNullOrEmpty
    }
}
