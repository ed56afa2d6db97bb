BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    Import-Module (Get-ModulePath) -Force
    Set-Content "$TestDrive/good.toml" 'name = "good"', '[[components]]', 'name = "web"', 'image = "img:v1"'
    Set-Content "$TestDrive/bad.toml" 'name = "bad"', 'nod = "x"', '[[components]]', 'name = "web"', '[[components]]', 'name = "web"',
        'image = "img:v1"'
    Set-Content -LiteralPath "$TestDrive/odd[1].toml" 'name = "odd"', '[[components]]', 'name = "web"', 'image = "img:v1"'
}

Describe 'Test-McpDefinition' {
    It 'writes nothing for a file that is right' {
        Test-McpDefinition "$TestDrive/good.toml" | Should -BeNullOrEmpty
    }

    It 'warns of keys without effect' {
        Set-Content "$TestDrive/old.txt" 'name = "old"', '[build]', 'uses_mcdsl = true', '[[components]]', 'name = "web"',
            'image = "img:v1"'
        Test-McpDefinition "$TestDrive/old.txt" -WarningVariable warning -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warning | Should -Match "3:1: 'uses_mcdsl' in \[build\] has no effect"
    }

    It 'writes every mistake as an object with its place and what to write instead' {
        $problems = Test-McpDefinition "$TestDrive/bad.toml"
        $problems.Count | Should -Be 3
        $problems | Should -BeOfType Mcp.PowerShell.McpDefinitionProblem
        ($problems | Where-Object Line -EQ 2).Remedy | Should -Match 'node'
        $problems.Path | Select-Object -Unique | Should -Be (Resolve-Path "$TestDrive/bad.toml").ProviderPath
    }

    It 'takes files from the pipeline, wildcards and relative paths' {
        (Get-ChildItem $TestDrive/*.toml | Test-McpDefinition).Count | Should -Be 3
        (Test-McpDefinition "$TestDrive/*.toml").Count | Should -Be 3
        Push-Location $TestDrive
        try { (Test-McpDefinition ./bad.toml).Count | Should -Be 3 } finally { Pop-Location }
    }

    It 'takes a file with brackets in its name as what it is' {
        Test-McpDefinition "$TestDrive/odd[1].toml" -Quiet | Should -BeTrue
    }

    It 'answers with -Quiet' {
        Test-McpDefinition "$TestDrive/good.toml", "$TestDrive/bad.toml" -Quiet | Should -Be $true, $false
    }

    It 'reports a file that is not there' {
        Test-McpDefinition "$TestDrive/none.toml" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'checks the services folder when nothing is named' {
        Set-Content "$TestDrive/mcp.toml" '[services]', 'dir = "."'
        $problems = Test-McpDefinition -Config "$TestDrive/mcp.toml"
        ($problems | Where-Object Path -Like '*bad.toml').Count | Should -Be 3
    }
}
