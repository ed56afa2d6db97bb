Describe 'Start-, Stop-, Restart- and Remove-McpComponent' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = New-TestService act
        $null = Invoke-McpDeploy $service
    }

    It 'stops one component, and writes nothing' {
        Stop-McpComponent $service worker | Should -BeNullOrEmpty
        $worker = Get-McpComponent $service worker
        $worker.State | Should -BeIn 'exited', 'missing', 'created'
        $worker.Desired | Should -Be 'stopped'
        (Get-McpComponent $service web).State | Should -Be 'running'
    }

    It 'starts it again, and writes it with -PassThru' {
        $started = Start-McpComponent $service worker -PassThru
        $started | Should -BeOfType Mcp.PowerShell.McpComponent
        $started.Component | Should -Be 'worker'
        $started.State | Should -Be 'running'
        $started.Node | Should -Be 'dev'
    }

    It 'restarts from the pipeline, each on its own' {
        $before = (Get-McpComponent $service | Sort-Object Component).Started
        $after = Get-McpComponent $service | Restart-McpComponent -PassThru | Sort-Object Component
        $after.Count | Should -Be 2
        foreach ($i in 0, 1) { $after[$i].Started | Should -BeGreaterThan $before[$i] }
    }

    It 'restarts a row of anything that has the names' {
        $row = "Service,Component,Node`n$service,worker,dev" | ConvertFrom-Csv
        ($row | Restart-McpComponent -PassThru).Component | Should -Be 'worker'
    }

    It 'takes an empty name for a mistake, not for everything' {
        $before = (Get-McpComponent $service | Sort-Object Component).Started
        [pscustomobject]@{ Service = $service; Component = '' } | Restart-McpComponent -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        { Restart-McpComponent $service $null } | Should -Throw
        (Get-McpComponent $service | Sort-Object Component).Started | Should -Be $before
    }

    It 'asks for each component, and does nothing with -WhatIf' {
        $before = (Get-McpComponent $service | Sort-Object Component).Started
        Restart-McpComponent $service -WhatIf
        Stop-McpComponent $service w* -WhatIf
        Remove-McpComponent $service -WhatIf
        (Get-McpComponent $service | Sort-Object Component).Started | Should -Be $before
    }

    It 'reports a name that is not there, and restarts the others' {
        $after = Restart-McpComponent $service worker, webb -PassThru -ErrorAction SilentlyContinue -ErrorVariable problem
        $after.Component | Should -Be 'worker'
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-component,*'
    }

    It 'restarts on the nodes that answer when one is dead' {
        $after = Restart-McpComponent $service worker -PassThru -Config (New-ConfigWithDeadNode) `
            -ErrorAction SilentlyContinue -ErrorVariable problem
        $after.Component | Should -Be 'worker'
        $problem.TargetObject | Should -Be 'dead'
    }

    It 'is of high impact only where something is lost' {
        foreach ($verb in 'Start', 'Stop', 'Restart') {
            $type = (Get-Command "$verb-McpComponent").ImplementingType
            $type.GetCustomAttributes([Management.Automation.CmdletAttribute], $true).ConfirmImpact | Should -Be 'Medium'
        }
        foreach ($name in 'Remove-McpComponent', 'Remove-McpService') {
            (Get-Command $name).ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $true).ConfirmImpact |
                Should -Be 'High'
        }
    }

    It 'removes one component and leaves the other' {
        Remove-McpComponent $service worker -Confirm:$false
        Get-McpComponent $service | Where-Object State -EQ running | ForEach-Object Component | Should -Be 'web'
    }
}

Describe 'Remove-McpService' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $service = New-TestService rm
        $null = Invoke-McpDeploy $service
    }

    It 'does nothing with -WhatIf' {
        Get-McpService $service | Remove-McpService -WhatIf
        (Get-McpService $service).Running | Should -Be 2
    }

    It 'takes no object without a service for all services' {
        Get-McpNode | Remove-McpService -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        (Get-McpService $service).Running | Should -Be 2
    }

    It 'removes the service with its containers' {
        Get-McpService $service | Remove-McpService -Confirm:$false | Should -BeNullOrEmpty
        Get-McpService "$service*" | Should -BeNullOrEmpty
        podman ps --all --quiet --filter "name=$service" | Should -BeNullOrEmpty
    }

    It 'reports a service that is not there' {
        Remove-McpService $service -Confirm:$false -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
    }
}
