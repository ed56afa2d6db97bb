Describe 'Get-McpNodeStatus' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $null = Get-TestAgent
    }

    It 'writes machine, engine and agent' {
        $status = Get-McpNodeStatus
        $status | Should -BeOfType Mcp.PowerShell.McpNodeStatus
        $status.Node | Should -Be 'dev'
        $status.Engine | Should -Be 'podman'
        $status.EngineVersion | Should -Not -BeNullOrEmpty
        $status.AgentVersion | Should -Not -BeNullOrEmpty
        $status.MemoryTotal | Should -BeGreaterThan 0
        $status.Disks.Count | Should -BeGreaterThan 0
        $status.Uptime | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'takes nodes from the pipeline' {
        (Get-McpNode | Get-McpNodeStatus).Node | Should -Be 'dev'
    }

    It 'writes one error for a dead node, also from the pipeline, and the others' {
        $config = New-ConfigWithDeadNode
        $found = Get-McpNodeStatus -Config $config -ErrorAction SilentlyContinue -ErrorVariable problem
        $found.Node | Should -Be 'dev'
        $problem.TargetObject | Should -Be 'dead'
        $found = 'dead', 'dev' | Get-McpNodeStatus -Config $config -ErrorAction SilentlyContinue -ErrorVariable problem
        $found.Node | Should -Be 'dev'
        $problem.TargetObject | Should -Be 'dead'
        $problem[0].CategoryInfo.Category | Should -Be 'ConnectionError'
    }
}
