BeforeDiscovery { Import-Module "$PSScriptRoot/TestAgent.psm1" }

Describe 'Invoke-McpDeploy' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = New-TestService deploy
    }

    It 'says with -WhatIf where it would go, and does nothing' {
        Invoke-McpDeploy $service -WhatIf | Should -BeNullOrEmpty
        Get-McpService "$service*" | Should -BeNullOrEmpty
    }

    It 'deploys, and writes what came of it' {
        $result = Invoke-McpDeploy -Service $service
        $result | Should -BeOfType Mcp.PowerShell.McpDeployResult
        $result.Outcome | Should -Be 'succeeded'
        $result.Node | Should -Be 'dev'
        $result.OperationId | Should -Not -BeNullOrEmpty
        $result.Components.Component | Sort-Object | Should -Be 'web', 'worker'
        $result.Components.State | Select-Object -Unique | Should -Be 'running'
        $result.Steps.Count | Should -BeGreaterThan 0
        $result.Steps.State | Select-Object -Unique | Should -BeIn 'done', 'skipped'
    }

    It 'makes the route answer on the port that the result names' {
        $route = (Invoke-McpDeploy $service).Components.Routes
        Wait-Until { try { (Invoke-WebRequest "http://127.0.0.1:$($route.HostPort)/").Content } catch { $null = $_ } } 'the route'
        (Invoke-WebRequest "http://127.0.0.1:$($route.HostPort)/").Content.Trim() | Should -Be 'hello'
    }

    It 'tells each step with -Verbose, and the podman line without values of the environment' {
        $said = Invoke-McpDeploy $service -Verbose 4>&1
        "$said" | Should -Match 'succeeded after'
    }

    It 'deploys one component' {
        $one = New-TestService one
        $result = Invoke-McpDeploy $one worker
        $result.Outcome | Should -Be 'succeeded'
        (Get-McpComponent $one | Where-Object State -EQ running).Component | Should -Be 'worker'
        Remove-McpService $one -Confirm:$false
    }

    It 'takes files, also from the pipeline' {
        $file = New-TestService file
        Move-Item "$($agent.Services)/$file.toml" "$TestDrive/$file.toml"
        (Get-ChildItem "$TestDrive/$file.toml" | Invoke-McpDeploy).Service | Should -Be $file
        Push-Location $TestDrive
        try { (Invoke-McpDeploy -Path "./$file.toml" -Node dev).Service | Should -Be $file } finally { Pop-Location }
        Remove-McpService $file -Confirm:$false
    }

    It 'reports a service that has no file' {
        Invoke-McpDeploy "$service-none" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].TargetObject | Should -Be "$service-none"
    }

    It 'reports every mistake of a definition with its place, and deploys nothing of it' {
        Set-Content "$TestDrive/bad.toml" 'name = "bad"', 'nod = "dev"', '[[components]]', 'name = "web"', '[[components]]', 'name = "web"',
            'image = "img:v1"'
        Invoke-McpDeploy -Path "$TestDrive/bad.toml" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 3
        $problem.ForEach{ $_.CategoryInfo.Category } | Select-Object -Unique | Should -Be 'InvalidData'
        "$($problem[0])" | Should -Match 'bad\.toml:\d+:\d+: '
        $problem.TargetObject | Should -BeOfType Mcp.PowerShell.McpDefinitionProblem
        Get-McpService bad* | Should -BeNullOrEmpty
    }

    It 'fails with an error that can be acted on when the image is not there' {
        $missing = New-TestService missing "localhost/$($agent.Id)-none:v1"
        Invoke-McpDeploy $missing -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'image-not-found,*'
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $problem[0].TargetObject.Outcome | Should -Not -Be 'succeeded'
        Get-McpComponent "$missing*" | Where-Object State -EQ running | Should -BeNullOrEmpty
    }

    It 'reports a node that the config does not name' {
        Invoke-McpDeploy $service -Node nowhere -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-node,*'
    }

    It 'reports a node that does not answer' {
        Invoke-McpDeploy $service -Node dead -Config (New-ConfigWithDeadNode) -ErrorAction SilentlyContinue -ErrorVariable problem |
            Should -BeNullOrEmpty
        $problem[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        $problem[0].TargetObject | Should -Be 'dead'
    }
}
