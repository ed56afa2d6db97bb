BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    Import-Module (Get-ModulePath) -Force
    $rendering = $PSStyle.OutputRendering
    $component = [Mcp.PowerShell.McpComponent]@{
        Service = 'hello'; Component = 'web'; Node = 'n1'; State = 'running'; Desired = 'running'; Version = 'v1.2.0'
        Started = [datetime]::Now.AddMinutes(-125); Ports = [string[]]@('127.0.0.1:31022->31022/tcp')
    }
    $exited = [Mcp.PowerShell.McpComponent]@{ Service = 'hello'; Component = 'job'; Node = 'n1'; State = 'exited'; Desired = 'running'
        ExitCode = 137 }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Table of components' {
    It 'shows few columns with the state and the age' {
        $PSStyle.OutputRendering = 'PlainText'
        $table = $component | Out-String -Width 120
        $table | Should -Match 'Service\s+Component\s+Node\s+State\s+Version\s+Up\s+Ports'
        $table | Should -Match 'hello\s+web\s+n1\s+running\s+v1\.2\.0\s+2h 5m\s+127\.0\.0\.1:31022->31022/tcp'
    }

    It 'shows the exit code of what has exited, and no age' {
        $PSStyle.OutputRendering = 'PlainText'
        ($exited | Out-String -Width 120) | Should -Match 'job\s+n1\s+exited \(137\)\s*\r?\n'
    }

    It 'colours states: <State>, wanted <Desired>' -ForEach @(
        @{ State = 'running'; Desired = 'running'; Color = $PSStyle.Foreground.Green }
        @{ State = 'exited'; Desired = 'running'; Color = $PSStyle.Foreground.Red }
        @{ State = 'missing'; Desired = 'running'; Color = $PSStyle.Foreground.Red }
        @{ State = 'restarting'; Desired = 'running'; Color = $PSStyle.Foreground.Yellow }
        @{ State = 'exited'; Desired = 'stopped'; Color = $PSStyle.Foreground.BrightBlack }
    ) {
        $PSStyle.OutputRendering = 'Ansi'
        $row = [Mcp.PowerShell.McpComponent]@{ Service = 's'; Component = 'c'; Node = 'n'; State = $State; Desired = $Desired } | Out-String
        $row.Contains("$Color$State$($PSStyle.Reset)") | Should -BeTrue
    }

    It 'has no escape sequences where PSStyle wants none' {
        $PSStyle.OutputRendering = 'PlainText'
        ($component, $exited | Out-String).Contains([char]27) | Should -BeFalse
    }
}

Describe 'Other views' {
    It 'aligns numbers to the right' {
        $PSStyle.OutputRendering = 'PlainText'
        $routes = foreach ($port in 443, 8) {
            [Mcp.PowerShell.McpRoute]@{ Service = 's'; Component = 'c'; Node = 'n'; Port = $port; HostPort = 31000; Mode = 'l7' } }
        $lines = ($routes | Out-String -Width 100) -split '\r?\n' | Where-Object { $_ -match '31000' }
        $lines[0].IndexOf('443') + 3 | Should -Be ($lines[1].IndexOf(' 8 ') + 2)
    }

    It 'shows a node in gigabytes and per cent' {
        $PSStyle.OutputRendering = 'PlainText'
        $node = [Mcp.PowerShell.McpNodeStatus]@{
            Node = 'n1'; Engine = 'podman'; EngineVersion = '4.3.1'; CpuPercent = 12.3; CpuCount = 2
            MemoryTotal = 8GB; MemoryAvailable = 2GB
            Uptime = [timespan]::FromHours(50); AgentVersion = '0.1.0'; Running = 2; Total = 3
            Disks = [Mcp.PowerShell.McpDisk[]]@([Mcp.PowerShell.McpDisk]@{ Node = 'n1'; Path = '/'; Purpose = 'agent data'; Total = 100GB
                Available = 5GB })
        }
        ($node | Out-String -Width 120) | Should -Match 'n1\s+podman 4\.3\.1\s+2/3\s+12%\s+75%\s+95%\s+2d 2h\s+0\.1\.0'
        $list = $node | Format-List | Out-String -Width 120
        $list | Should -Match 'Memory\s+: 2.0 of 8.0 GB available'
        $list | Should -Match 'Disks\s+: / \(agent data\): 5.0 of 100.0 GB available'
    }

    It 'shows a log line as a line' {
        $PSStyle.OutputRendering = 'PlainText'
        $line = [Mcp.PowerShell.McpLogLine]@{ Service = 'hello'; Component = 'web'; Node = 'n'; Time = [datetime]'2026-01-02 03:04:05'
            Stream = 'stdout'; Text = 'started' }
        ($line | Out-String).Trim() | Should -Be '03:04:05 hello/web started'
        "$line" | Should -Be 'started'
    }

    It 'lists every property of a component, routes readable' {
        $PSStyle.OutputRendering = 'PlainText'
        $withRoute = [Mcp.PowerShell.McpComponent]@{
            Service = 'hello'; Component = 'web'; Node = 'n1'; State = 'running'; Desired = 'running'
            Routes = [Mcp.PowerShell.McpRoute[]]@([Mcp.PowerShell.McpRoute]@{ Service = 'hello'; Component = 'web'; Node = 'n1'
                Route = 'http'; HostPort = 31022 })
        }
        ($withRoute | Format-List | Out-String -Width 120) | Should -Match 'Routes\s+: \{hello/web:http -> 31022\}'
    }
}
