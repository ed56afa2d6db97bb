BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    Import-Module (Get-ModulePath) -Force
    $saved = $env:MCP_CONFIG
    $env:MCP_CONFIG = "$TestDrive/mcp.toml"
    Set-Content $env:MCP_CONFIG '[build]', 'workspace = "src"', '[registry]', 'address = "registry.test:5000/team"', '[[nodes]]',
        'name = "office-1"', 'address = "https://192.0.2.1:9443"', 'token = "mcp_secret"'
    if (-not $IsWindows) { chmod 600 $env:MCP_CONFIG }
}

AfterAll {
    $env:MCP_CONFIG = $saved
    $env:MCP_BUILD_WORKSPACE = $env:MCP_REGISTRY_KIND = $null
}

Describe 'Get-McpConfig' {
    It 'says of each setting where it was said' {
        $settings = Get-McpConfig
        $settings | Should -BeOfType Mcp.PowerShell.McpSetting
        ($settings | Where-Object Name -EQ config).Source | Should -Be 'MCP_CONFIG'
        $workspace = $settings | Where-Object Name -EQ build.workspace
        $workspace.Value | Should -Be (Join-Path $TestDrive src)
        $workspace.Source | Should -BeLike '*mcp.toml:2'
        $engine = $settings | Where-Object Name -EQ build.engine
        $engine.Value | Should -BeNullOrEmpty
        $engine.Source | Should -Be 'default'
    }

    It 'puts the environment over the file, and parameters over both' {
        $env:MCP_BUILD_WORKSPACE = "$TestDrive/env"
        (Get-McpConfig build.workspace).Source | Should -Be 'MCP_BUILD_WORKSPACE'
        Push-Location $TestDrive
        try {
            $named = Get-McpConfig build.workspace -Workspace ./named
            $named.Value | Should -Be (Join-Path $TestDrive named)
            $named.Source | Should -Be '-Workspace'
        }
        finally { Pop-Location }
        (Get-McpConfig registry.kind -RegistryKind None).Value | Should -Be 'none'
        (Get-McpConfig -Name registry.* -Registry other.test:1 | Where-Object Source -EQ '-Registry').Value | Should -Be 'other.test:1'
    }

    It 'shows no secret' {
        (Get-McpConfig nodes.office-1.token).Value | Should -Be '***'
        Get-McpConfig | Out-String -Width 300 | Should -Not -Match 'mcp_secret'
    }

    It 'reports a name that is no setting, and is silent about a wildcard that matches nothing' {
        Get-McpConfig build.workspce -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-setting,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'build\.workspace'
        Get-McpConfig nothing.* | Should -BeNullOrEmpty
    }

    It 'reports a variable that makes no sense' {
        $env:MCP_REGISTRY_KIND = 'quay'
        { Get-McpConfig } | Should -Throw -ErrorId 'invalid-registry-kind,*'
        $env:MCP_REGISTRY_KIND = $null
    }

    It 'shows the source in a narrow window too' {
        Get-McpConfig | Out-String -Width 80 | Should -Match 'Name\s+Source\s+Value'
    }
}
