BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    $obstacle = Get-RegistryObstacle
}

# In this order: what one leaves is what the next finds.
Describe 'Deploys and syncs of images that are built' -Tag Agent -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $registry = Start-TestRegistry
        $env:MCP_CONFIG = New-BuildConfig sync $registry
        $service = New-BuildService sync $env:MCP_CONFIG
    }

    AfterAll {
        Remove-McpService $service, "$service-2" -Confirm:$false -ErrorAction Ignore
        $env:MCP_CONFIG = $agent.Config
    }

    It 'deploys nothing with -SkipBuild while images are missing, and names all of them' {
        Invoke-McpDeploy $service -SkipBuild -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'images-missing,*'
        "$($problem[0])" | Should -Match "$service-web"
        "$($problem[0])" | Should -Match "$service-worker"
        Get-McpService "$service*" | Should -BeNullOrEmpty
    }

    It 'says with -WhatIf what would be synced, and does nothing' {
        Sync-McpService -WhatIf | Should -BeNullOrEmpty
        Get-McpService "$service*" | Should -BeNullOrEmpty
    }

    It 'builds, pushes and deploys with Invoke-McpDeploy, and tells of it' {
        $result = Invoke-McpDeploy $service
        $result.Outcome | Should -Be 'succeeded'
        $result.Images.Image | Should -Be "$registry/$service-web:v1", "$registry/$service-worker`:v1"
        $result.Images.Pushed | Should -Be $true, $true
        $result.Images[0].Digest | Should -Be (Get-RegistryDigest "$service-web" v1)
        Wait-Until { (Get-McpLog $service web).Text -match "web v1" } 'the version in the log'
    }

    It 'builds nothing the second time' {
        (Invoke-McpDeploy $service).Images | Should -BeNullOrEmpty
        $result = Sync-McpService $service
        $result | Should -BeOfType Mcp.PowerShell.McpSyncResult
        $result.Outcome | Should -Be 'unchanged'
        $result.Node | Should -Be 'dev'
        $result.Images | Should -BeNullOrEmpty
    }

    It 'builds what a new version needs, and deploys what changed' {
        $file = "$($agent.Dir)/sync-services/$service.toml"
        (Get-Content $file -Raw) -replace '(?m)^(image = ".+-web)"$', '$1:v2"' | Set-Content $file
        # The agent is shared: services of other files' tests come as undefined.
        $result = Sync-McpService -WarningAction SilentlyContinue | Where-Object Service -EQ $service
        $result.Outcome | Should -Be 'deployed'
        $result.Images.Image | Should -Be "$registry/$service-web:v2"
        Wait-Until { (Get-McpLog $service web).Text -match "web v2" } 'the new version in the log'
        (Sync-McpService -WarningAction SilentlyContinue | Where-Object Service -EQ $service).Outcome | Should -Be 'unchanged'
    }

    It 'tells each thing with -Verbose' {
        $said = Sync-McpService $service -Verbose 4>&1
        "$said" | Should -Match "Syncing $service to dev: succeeded"
    }

    It 'does nothing for a wildcard or a pipeline that names nothing' {
        Sync-McpService nothing* | Should -BeNullOrEmpty
        @() | Sync-McpService | Should -BeNullOrEmpty
    }

    It 'reports mistakes of any definition before it does anything' {
        Set-Content "$($agent.Dir)/sync-services/bad.toml" 'name = "bad"', 'nod = "dev"'
        { Sync-McpService -ErrorAction Stop } | Should -Throw -ErrorId 'invalid-definition,*'
        Remove-Item "$($agent.Dir)/sync-services/bad.toml"
    }

    It 'reports a service that has no file, as a warning and as an object' {
        $second = New-BuildService sync-2 $env:MCP_CONFIG
        (Sync-McpService $second).Outcome | Should -Be 'deployed'
        Remove-Item "$($agent.Dir)/sync-services/$second.toml"
        $results = Sync-McpService -WarningVariable said -WarningAction SilentlyContinue
        ($results | Where-Object Service -EQ $service).Outcome | Should -Be 'unchanged'
        ($results | Where-Object Service -EQ $second).Outcome | Should -Be 'undefined'
        "$said" | Should -Match $second
        $results | Where-Object { $_.Outcome -eq 'undefined' -and $_.Service -eq $second } | Remove-McpService -Confirm:$false
        Get-McpService "$second*" | Should -BeNullOrEmpty
    }

    It 'reports a node that does not answer once, and its services as unreachable' {
        $config = "$($agent.Dir)/sync-dead.toml"
        (Get-Content $env:MCP_CONFIG -Raw) + "`n[[nodes]]`nname = `"dead`"`naddress = `"$(Get-DeadAddress)`"`ntoken = `"mcp_none`"`n" |
            Set-Content $config
        chmod 600 $config
        $file = "$($agent.Dir)/sync-services/far.toml"
        Set-Content $file 'name = "far"', 'node = "dead"', '[[components]]', 'name = "web"', "image = `"$($agent.Image)`""
        $results = Sync-McpService -Config $config -ErrorAction SilentlyContinue -ErrorVariable problem -WarningAction SilentlyContinue
        $problem.Count | Should -Be 1
        $problem[0].TargetObject | Should -Be 'dead'
        ($results | Where-Object Service -EQ far).Outcome | Should -Be 'unreachable'
        ($results | Where-Object Service -EQ $service).Outcome | Should -Be 'unchanged'
        Remove-Item $file
    }

    It 'never pulls with -Pull never, and says when the node lacks the image' {
        $lacking = New-BuildService lacking $env:MCP_CONFIG
        Invoke-McpDeploy $lacking -Pull never -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        "$($problem[0])" | Should -Match "$lacking-web"
        Get-McpService "$lacking*" | Should -BeNullOrEmpty
        Get-RegistryDigest "$lacking-web" v1 | Should -BeNullOrEmpty
        Remove-Item "$($agent.Dir)/sync-services/$lacking.toml"
    }

    It 'touches no node when the image registry is down' {
        $file = "$($agent.Dir)/sync-services/$service.toml"
        $text = Get-Content $file -Raw
        $text -replace 'web:v2', 'web:v3' | Set-Content $file
        Stop-TestRegistry
        try {
            { Sync-McpService $service -ErrorAction Stop } | Should -Throw -ErrorId 'registry-unreachable,*'
            Invoke-McpDeploy $service -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'registry-unreachable,*'
            $problem[0].TargetObject | Should -Be $service
            (Get-McpComponent $service web).Version | Should -Be 'v2'
        }
        finally {
            $null = Start-TestRegistry
            Set-Content $file $text
        }
    }
}
