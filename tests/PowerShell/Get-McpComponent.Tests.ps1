Describe 'Get-McpComponent' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = New-TestService comp
        $null = Invoke-McpDeploy $service
    }

    It 'writes what is wanted and what is' {
        $web = Get-McpComponent $service web
        $web | Should -BeOfType Mcp.PowerShell.McpComponent
        $web.Node | Should -Be 'dev'
        $web.State | Should -Be 'running'
        $web.Desired | Should -Be 'running'
        $web.Version | Should -Be 'v1'
        $web.Image | Should -Be $agent.Image
        $web.Container | Should -Be "$service-web"
        $web.Started | Should -BeGreaterThan ([datetime]::Now.AddMinutes(-30))
        $web.Routes.HostPort | Should -BeGreaterThan 0
        $web.Ports | Should -Match "127\.0\.0\.1:$($web.Routes.HostPort)->"
    }

    It 'compares states as text' {
        (Get-McpComponent $service | Where-Object State -EQ Running).Count | Should -Be 2
        (Get-McpComponent $service | Where-Object State -In running, exited).Count | Should -Be 2
        (Get-McpComponent $service web | ConvertTo-Json -Depth 4 | ConvertFrom-Json).State | Should -Be 'running'
    }

    It 'takes names by position, wildcard, value and property name' {
        (Get-McpComponent $service w*).Count | Should -Be 2
        ('web' | Get-McpComponent -Service $service).Component | Should -Be 'web'
        (Get-McpComponent -Component worker | Where-Object Service -EQ $service).Count | Should -Be 1
        ([pscustomobject]@{ Service = $service; Component = 'web'; Node = 'dev' } | Get-McpComponent).Component | Should -Be 'web'
        (Get-McpComponent $service web | Get-McpComponent).Component | Should -Be 'web'
    }

    It 'reports a component that is not there, with the nearest' {
        Get-McpComponent $service wrker -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-component,*'
        $problem[0].TargetObject | Should -Be 'wrker'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'worker'
    }

    It 'stops asking when downstream has enough' {
        (Get-McpComponent | Select-Object -First 1).Count | Should -Be 1
    }

    It 'shows what exited behind the agent''s back, which can be restarted from the pipeline' {
        Stop-Container "$service-worker"
        Wait-Until { (Get-McpComponent $service worker).State -eq 'exited' } 'worker to be seen as exited'
        $exited = Get-McpComponent $service | Where-Object State -EQ exited
        $exited.Component | Should -Be 'worker'
        $exited.ExitCode | Should -Be 137
        $exited.Started | Should -BeNullOrEmpty
        Get-McpComponent $service | Where-Object State -EQ exited | Restart-McpComponent
        (Get-McpComponent $service worker).State | Should -Be 'running'
    }
}
