BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    Import-Module (Get-ModulePath) -Force
    $config = "$TestDrive/mcp.toml"
    Set-Content $config @"
[[nodes]]
name = "office-1"
address = "office-1.example"
fingerprint = "$('AB:' * 31)AB"
token = "secret-1"

[[nodes]]
name = "office-2"
address = "https://office-2.example:7000"
token = "secret-2"
"@
    chmod 600 $config
}

Describe 'Get-McpNode' {
    It 'writes the nodes of the config' {
        $nodes = Get-McpNode -Config $config
        $nodes.Node | Should -Be 'office-1', 'office-2'
        $nodes.Endpoint | Should -Be 'office-1.example:9443', 'office-2.example:7000'
        $nodes.Trust | Should -Be 'fingerprint', 'system'
    }

    It 'never shows a token' {
        Get-McpNode -Config $config | Format-List * | Out-String | Should -Not -Match 'secret'
        Get-McpNode -Config $config | ConvertTo-Json -Depth 5 | Should -Not -Match 'secret'
    }

    It 'takes wildcards, by any case, and names from the pipeline' {
        (Get-McpNode OFFICE-* -Config $config).Count | Should -Be 2
        ('office-2' | Get-McpNode -Config $config).Node | Should -Be 'office-2'
        ([pscustomobject]@{ Node = 'office-1' } | Get-McpNode -Config $config).Node | Should -Be 'office-1'
        ([pscustomobject]@{ Name = 'office-1' } | Get-McpNode -Config $config).Node | Should -Be 'office-1'
    }

    It 'reports a name that is not there, and writes the others' {
        $nodes = Get-McpNode office-1, ofice-2 -Config $config -ErrorAction SilentlyContinue -ErrorVariable problem
        $nodes.Node | Should -Be 'office-1'
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-node,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].TargetObject | Should -Be 'ofice-2'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'office-2'
    }

    It 'is silent about a wildcard that matches nothing' {
        Get-McpNode zzz* -Config $config -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'says where it looked when there is no config' {
        { Get-McpNode -Config "$TestDrive/none.toml" } | Should -Throw -ErrorId 'no-config,*' -ExpectedMessage '*none.toml*'
    }

    It 'writes each mistake of a config, with its place' {
        Set-Content "$TestDrive/bad.toml" '[[nodes]]', 'name = "x"', 'adress = "h"', '[[nodes]]', 'name = "y"', 'address = "http://h"'
        $problem = $null
        try { Get-McpNode -Config "$TestDrive/bad.toml" -ErrorAction SilentlyContinue -ErrorVariable problem } catch { $null = $_ }
        $problem.Where{ $_.CategoryInfo.Category -eq 'InvalidData' }.Count | Should -BeGreaterOrEqual 2
        "$problem" | Should -Match 'bad.toml:3'
    }

    It 'finds a config relative to the location, and on a PSDrive' {
        Push-Location $TestDrive
        try { (Get-McpNode -Config ./mcp.toml).Count | Should -Be 2 } finally { Pop-Location }
        (Get-McpNode -Config TestDrive:/mcp.toml).Count | Should -Be 2
    }
}
