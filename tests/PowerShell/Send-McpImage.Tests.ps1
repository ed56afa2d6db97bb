BeforeDiscovery { Import-Module "$PSScriptRoot/TestAgent.psm1" }

Describe 'Send-McpImage' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $env:MCP_CONFIG = New-BuildConfig straight
        $service = New-BuildService straight $env:MCP_CONFIG

        # The node's engine has a storage of its own, so that an image that is built here is not there already.
        $shared = $env:CONTAINERS_STORAGE_CONF
        $null = New-Item -ItemType Directory "$($agent.Dir)/here"
        podman save --quiet --output "$($agent.Dir)/here/base.tar" $agent.Image
        Set-Content "$($agent.Dir)/here/storage.conf" '[storage]', 'driver = "overlay"', "graphroot = `"$($agent.Dir)/here/storage`"",
            "runroot = `"$($agent.Dir)/here/run`""
        $env:CONTAINERS_STORAGE_CONF = "$($agent.Dir)/here/storage.conf"
        podman load --quiet --input "$($agent.Dir)/here/base.tar"
    }

    AfterAll {
        Remove-McpService $service -Confirm:$false -ErrorAction Ignore
        $env:CONTAINERS_STORAGE_CONF = $shared
        $env:MCP_CONFIG = $agent.Config
    }

    It 'says what neither has' {
        Send-McpImage $service web -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problem[0].TargetObject.Image | Should -Be "localhost/$service-web:v1"
    }

    It 'says with -WhatIf what it would send, and sends nothing' {
        $null = Build-McpImage $service
        Send-McpImage $service -WhatIf | Should -BeNullOrEmpty
        (Send-McpImage $service -Component worker).Sent | Should -BeTrue
    }

    It 'sends what the node lacks, from what Build-McpImage writes' {
        $sent = Build-McpImage $service "$service-web" | Send-McpImage -Node dev
        $sent | Should -BeOfType Mcp.PowerShell.McpSentImage
        $sent.Image | Should -Be "localhost/$service-web:v1"
        $sent.Node | Should -Be 'dev'
        $sent.Sent | Should -BeTrue
        $sent.Size | Should -BeGreaterThan 1e6
        $sent.ImageId | Should -Match '^sha256:'
        $sent.Layers | Should -BeGreaterThan $sent.LayersSent
        $sent.LayersSent | Should -BeGreaterThan 0
        $sent.BytesSent | Should -BeGreaterThan 0
    }

    It 'sends nothing that the node has' {
        (Send-McpImage $service).Sent | Should -Be $false, $false
    }

    It 'reports names that are not there' {
        Send-McpImage $service wbe -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-component,*'
        Send-McpImage $service -Image nothing -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-image,*'
        Send-McpImage $service -Node nowhere -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-node,*'
    }

    It 'is done by a deploy itself where there is no image registry' {
        $file = "$($agent.Dir)/straight-services/$service.toml"
        (Get-Content $file -Raw) -replace 'version = "v1"', 'version = "v2"' | Set-Content $file
        $result = Invoke-McpDeploy $service
        $result.Outcome | Should -Be 'succeeded'
        $result.Images.SentTo | Should -Be 'dev', 'dev'
        $result.Images.Pushed | Should -Be $false, $false
        Wait-Until { (Get-McpLog $service web).Text -match 'web v2' } 'the version in the log'
        (Sync-McpService $service).Outcome | Should -Be 'unchanged'
    }
}
