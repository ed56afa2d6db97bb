Describe 'Get-McpEvent' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = New-TestService ev
        $null = Invoke-McpDeploy $service
    }

    It 'writes what happened, oldest first' {
        Wait-Until { Get-McpEvent $service -Kind deployed } 'the deploy''s event'
        $events = Get-McpEvent $service
        $events | Should -BeOfType Mcp.PowerShell.McpEvent
        $events.Service | Select-Object -Unique | Should -Be $service
        $events.Node | Select-Object -Unique | Should -Be 'dev'
        $events.Id | Should -Be ($events.Id | Sort-Object)
        (Get-McpEvent $service -Kind deployed).Actor | Should -Be 'dev'
    }

    It 'cuts the tail from what is asked for' {
        Restart-McpComponent $service worker
        Wait-Until { Get-McpEvent $service -Kind restarted } 'the restart''s event'
        @(Get-McpEvent $service -Kind depl* -Tail 1).Kind | Should -Be 'deployed'
        @(Get-McpEvent -Tail 2).Count | Should -Be 2
    }

    It 'follows, after what is stored, without gaps or repeats' {
        $shell = [powershell]::Create()
        try {
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $script = "Import-Module '$(Get-ModulePath)'; Get-McpEvent $service -Follow"
            $null = $shell.AddScript($script).BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
            $stored = @(Get-McpEvent $service).Count
            Wait-Until { $output.Count -ge $stored } 'what is stored'
            Stop-McpComponent $service worker
            Wait-Until { $output.Count -gt $stored } 'what is new'
            $ids = $output.ReadAll().Id
            $ids | Should -Be ($ids | Sort-Object -Unique)
        }
        finally {
            $shell.Stop()
            $shell.Dispose()
        }
    }

    It 'reports a service that neither is nor was' {
        Get-McpEvent "${service}x" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
    }
}
