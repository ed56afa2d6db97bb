Describe 'Get-McpRoute' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $service = New-TestService route
        $null = Invoke-McpDeploy $service
    }

    It 'writes routes with the host port' {
        $route = Get-McpRoute $service
        $route | Should -BeOfType Mcp.PowerShell.McpRoute
        $route.Component | Should -Be 'web'
        $route.Port | Should -Be 443
        $route.Mode | Should -Be 'l7'
        $route.HostPort | Should -Be (Get-McpComponent $service web).Routes.HostPort
    }

    It 'is silent about a component without routes, and reports one that is not there' {
        Get-McpRoute $service worker -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
        Get-McpRoute $service wrker -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-component,*'
    }
}
