Describe 'Get-McpLog' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = New-TestService log
        $null = Invoke-McpDeploy $service
        Wait-Until { @(Get-McpLog $service worker).Count -ge 10 } 'ten lines'
    }

    It 'writes lines with stream, time and origin' {
        $lines = Get-McpLog $service worker -Tail 4
        $lines.Count | Should -Be 4
        $lines | Should -BeOfType Mcp.PowerShell.McpLogLine
        $lines.Stream | Sort-Object -Unique | Should -Be 'stderr', 'stdout'
        ($lines | Where-Object Stream -EQ stderr).Text | Should -Match '^warn \d+$'
        $lines.Component | Select-Object -Unique | Should -Be 'worker'
        $lines.Node | Select-Object -Unique | Should -Be 'dev'
        $lines[-1].Time | Should -BeGreaterThan ([datetime]::Now.AddMinutes(-5))
    }

    It 'is text for whoever wants text' {
        Get-McpLog $service worker -Tail 20 | Select-String '^line \d+$' | Should -Not -BeNullOrEmpty
    }

    It 'takes spans, times and TimeSpans for -Since' {
        $all = @(Get-McpLog $service worker).Count
        @(Get-McpLog $service worker -Since 1h).Count | Should -BeGreaterOrEqual $all
        @(Get-McpLog $service worker -Since ([timespan]::FromHours(1))).Count | Should -BeGreaterOrEqual $all
        @(Get-McpLog $service worker -Since (Get-Date).AddHours(-1)).Count | Should -BeGreaterOrEqual $all
        Get-McpLog $service worker -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
        { Get-McpLog $service worker -Since soon } | Should -Throw '*10m*'
    }

    It 'follows until downstream has enough' {
        $lines = Get-McpLog $service worker -Tail 0 -Follow | Select-Object -First 3
        $lines.Count | Should -Be 3
    }

    It 'writes lines as they come, and stops within a moment' {
        $shell = [powershell]::Create()
        try {
            $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $script = "Import-Module '$(Get-ModulePath)'; Get-McpLog $service worker -Tail 0 -Follow"
            $running = $shell.AddScript($script).BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
            Wait-Until { $output.Count -ge 2 } 'two lines while the command goes on'
            $running.IsCompleted | Should -BeFalse
            (Measure-Command { $shell.Stop() }).TotalSeconds | Should -BeLessThan 2
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'takes components from the pipeline' {
        $lines = Get-McpComponent $service worker | Get-McpLog -Tail 2
        $lines.Count | Should -Be 2
    }

    It 'reports a service that is not there' {
        Get-McpLog "${service}x" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
    }
}
