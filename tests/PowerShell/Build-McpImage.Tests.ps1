BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    $obstacle = Get-RegistryObstacle
}

Describe 'Build-McpImage' -Tag Agent -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $registry = Start-TestRegistry
        $env:MCP_CONFIG = New-BuildConfig build $registry
        $service = New-BuildService build $env:MCP_CONFIG
    }

    AfterAll { $env:MCP_CONFIG = $agent.Config }

    It 'says with -WhatIf what it would build, and builds nothing' {
        Build-McpImage $service -WhatIf | Should -BeNullOrEmpty
        Get-RegistryDigest "$service-web" v1 | Should -BeNullOrEmpty
    }

    It 'builds with -NoPush and keeps the image here' {
        $image = Build-McpImage $service "$service-worker" -NoPush
        $image.Image | Should -Be "$registry/$service-worker`:v1"
        $image.Pushed | Should -BeFalse
        $image.Digest | Should -BeNullOrEmpty
        Get-RegistryDigest "$service-worker" v1 | Should -BeNullOrEmpty
        podman image exists $image.Image
        $LASTEXITCODE | Should -Be 0
    }

    It 'builds and pushes all of a service, each image an object' {
        $images = Build-McpImage -Service $service
        $images | Should -BeOfType Mcp.PowerShell.McpImage
        $images.Image | Should -Be "$registry/$service-web:v1", "$registry/$service-worker`:v1"
        $images.Service | Select-Object -Unique | Should -Be $service
        $images.Pushed | Should -Be $true, $true
        $images[0].Digest | Should -Be (Get-RegistryDigest "$service-web" v1)
        $images[1].Digest | Should -Be (Get-RegistryDigest "$service-worker" v1)
        $images[0].Layers | Should -Be 3
        $images[0].Size | Should -BeGreaterThan 1e6
        $images[0].Duration | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'counts the layers that were reused; with -NoCache only those of the base image are' {
        (Build-McpImage $service *-web -NoPush).LayersReused | Should -Be 3
        (Build-McpImage $service *-web -NoPush -NoCache).LayersReused | Should -Be 2
    }

    It 'builds for the platform that is named' {
        $image = Build-McpImage $service *-web -NoPush -Platform linux/amd64
        podman image inspect --format '{{.Os}}/{{.Architecture}}' $image.Image | Should -Be 'linux/amd64'
    }

    It 'takes services and images from objects, whatever tag those have' {
        $row = [pscustomobject]@{ Service = $service; Image = "elsewhere.test/$service-web:v0.9" }
        ($row | Build-McpImage -NoPush).Image | Should -Be "$registry/$service-web:v1"
        ($service | Build-McpImage -NoPush).Count | Should -Be 2
    }

    It 'tells with -Verbose what the engine prints' {
        "$(Build-McpImage $service *-web -NoPush -Verbose 4>&1)" | Should -Match 'STEP 1/'
    }

    It 'warns of a tag that was moved' {
        $before = Get-RegistryDigest "$service-web" v1
        Set-Content "$($agent.Dir)/src/$service/web/Dockerfile" "FROM $($agent.Image)", 'RUN echo other > /version'
        $image = Build-McpImage $service *-web -WarningVariable said -WarningAction SilentlyContinue
        $image.Digest | Should -Not -Be $before
        "$said" | Should -Match ([regex]::Escape($before))
    }

    It 'reports an image that no definition builds, with what was meant' {
        Build-McpImage $service "$service-wbe" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-image,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match "$service-web"
        Build-McpImage $service nothing* | Should -BeNullOrEmpty
    }

    It 'reports a service without a file, and one that builds nothing' {
        Build-McpImage "$service-none" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
        Set-Content "$($agent.Dir)/build-services/plain.toml" 'name = "plain"', 'node = "dev"', '[[components]]', 'name = "web"',
            "image = `"$($agent.Image)`""
        Build-McpImage plain -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'nothing-to-build,*'
        Build-McpImage plai* -ErrorVariable problem | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
    }

    It 'shows the step that failed, and nothing carries the tag' {
        $broken = New-BuildService broken $env:MCP_CONFIG
        Set-Content "$($agent.Dir)/src/$broken/web/Dockerfile" "FROM $($agent.Image)", 'RUN echo working on it; exit 7'
        Build-McpImage $broken "$broken-web" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'build-failed,*'
        "$($problem[0])" | Should -Match 'exit 7'
        "$($problem[0])" | Should -Match 'working on it'
        podman image exists "$registry/$broken-web:v1"
        $LASTEXITCODE | Should -Be 1
        Remove-Item "$($agent.Dir)/build-services/$broken.toml"
    }

    It 'reports <Id> before anything is built' -ForEach @(
        @{ Id = 'engine-missing'; With = @{ Engine = '/nowhere/podman' } }
        @{ Id = 'images-missing'; With = @{ Workspace = '/nowhere' } }
        @{ Id = 'registry-unreachable'; With = @{ Registry = 'dead' } }
    ) {
        if ($With.Registry) { $With.Registry = (Get-DeadAddress) -replace 'https://' }
        Build-McpImage $service @With -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'ends the build when nobody wants more' {
        (Build-McpImage $service -NoPush | Select-Object -First 1).Image | Should -Be "$registry/$service-web:v1"
    }
}
