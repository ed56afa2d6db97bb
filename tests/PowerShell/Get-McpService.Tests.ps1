Describe 'Get-McpService' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = New-TestService svc
        $null = Invoke-McpDeploy $service
    }

    It 'writes a service with its node, state and counts' {
        $found = Get-McpService $service
        $found | Should -BeOfType Mcp.PowerShell.McpService
        $found.Node | Should -Be 'dev'
        $found.State | Should -Be 'running'
        $found.Running | Should -Be 2
        $found.Total | Should -Be 2
        $found.Version | Should -Be 'v1'
        $found.Deployed | Should -BeGreaterThan ([datetime]::Now.AddMinutes(-30))
        $found.Components.Component | Sort-Object | Should -Be 'web', 'worker'
    }

    It 'takes wildcards by any case, and names from the pipeline' {
        (Get-McpService "$($service.ToUpperInvariant().Substring(0, 8))*").Service | Should -Contain $service
        ($service | Get-McpService).Service | Should -Be $service
        ([pscustomobject]@{ Service = $service; Node = 'dev' } | Get-McpService).Service | Should -Be $service
    }

    It 'pipes on to components' {
        (Get-McpService $service | Get-McpComponent).Count | Should -Be 2
        ([pscustomobject]@{ Service = $service } | Get-McpComponent).Count | Should -Be 2
    }

    It 'takes nodes from the pipeline' {
        (Get-McpNode | Get-McpService).Service | Should -Contain $service
    }

    It 'reports a name that is on no node, with the nearest' {
        Get-McpService "${service}x" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'is silent about a wildcard that matches nothing' {
        Get-McpService zzz-none* -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'writes one error for a dead node, and the others'' services' {
        $found = Get-McpService $service -Config (New-ConfigWithDeadNode) -ErrorAction SilentlyContinue -ErrorVariable problem
        $found.Service | Should -Be $service
        $problem.Count | Should -Be 1
        $problem[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        $problem[0].TargetObject | Should -Be 'dead'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'ends when there is no connection at all' {
        { Get-McpService -Node dead -Config (New-ConfigWithDeadNode) -ErrorAction SilentlyContinue } |
            Should -Throw -ErrorId 'connection-refused,*'
    }

    It 'says so when the token is wrong' {
        $config = (Get-Content $agent.Config) -replace '^token_path.*', 'token = "mcp_wrong"'
        Set-Content "$TestDrive/wrong.toml" $config
        chmod 600 "$TestDrive/wrong.toml"
        $thrown = try { Get-McpService -Config "$TestDrive/wrong.toml" } catch { $_ }
        $thrown.CategoryInfo.Category | Should -Be 'AuthenticationError'
        $thrown.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'says so when the certificate is another''s' {
        $config = (Get-Content $agent.Config) -replace '^fingerprint.*', "fingerprint = `"$('AB:' * 31)AB`""
        Set-Content "$TestDrive/other.toml" $config
        { Get-McpService -Config "$TestDrive/other.toml" } | Should -Throw -ErrorId 'wrong-fingerprint,*'
    }
}
