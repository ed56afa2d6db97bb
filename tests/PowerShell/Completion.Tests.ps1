BeforeAll {
    Import-Module "$PSScriptRoot/TestAgent.psm1"
    Import-Module (Get-ModulePath) -Force

    function Complete([string] $Line) { (TabExpansion2 $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText }

    $saved = $env:MCP_CONFIG
    $null = New-Item -ItemType Directory "$TestDrive/services"
    $env:MCP_CONFIG = "$TestDrive/mcp.toml"
    # An address that swallows packets is worse than one that refuses: nothing answers until the time is up.
    Set-Content $env:MCP_CONFIG @"
[services]
dir = "services"

[[nodes]]
name = "office-1"
address = "https://192.0.2.1:9443"
token = "t"

[[nodes]]
name = "cellar"
address = "https://192.0.2.2:9443"
token = "t"
"@
    Set-Content "$TestDrive/services/hello.toml" 'name = "hello"', '[[components]]', 'name = "web"', 'image = "img:v1"', '[[components]]',
        'name = "worker"', 'image = "img:v1"'
    Set-Content "$TestDrive/services/mc-proxy.toml" 'name = "mc-proxy"', '[[components]]', 'name = "mc-proxy"', 'image = "img:v1"'
    Set-Content "$TestDrive/services/broken.toml" 'name = '
    Set-Content "$TestDrive/services/odd name.toml" ''
    chmod 600 $env:MCP_CONFIG
}

AfterAll { $env:MCP_CONFIG = $saved }

Describe 'Completion without an answering node' {
    It 'knows the nodes of the config' {
        Complete 'Get-McpNodeStatus -Node of' | Should -Be 'office-1'
    }

    It 'quotes a name that needs it, and sees through quotes' {
        Complete 'Invoke-McpDeploy od' | Should -Be "'odd name'"
        Complete "Invoke-McpDeploy 'odd n" | Should -Be "'odd name'"
        Complete 'Get-McpNodeStatus -Node "off' | Should -Be 'office-1'
    }

    It 'knows the services that have a file, by any case' {
        Complete 'Get-McpComponent -Service ' | Should -Be 'broken', 'hello', 'mc-proxy', "'odd name'"
        Complete 'Invoke-McpDeploy HE' | Should -Be 'hello'
    }

    It 'knows the components of the service that was named' {
        Complete 'Restart-McpComponent hello w' | Should -Be 'web', 'worker'
        Complete 'Restart-McpComponent -Service mc-proxy -Component ' | Should -Be 'mc-proxy'
    }

    It 'knows the images of the service that was named, and which of them can be built' {
        $folder = New-Item -ItemType Directory "$TestDrive/built"
        Set-Content "$folder/app.toml" 'name = "app"', 'path = "app"', '[build.images]', 'app-web = "Dockerfile"',
            '[[components]]', 'name = "web"', 'image = "localhost/app-web:v1"', '[[components]]', 'name = "cache"',
                'image = "localhost/redis:v1"'
        Complete "Build-McpImage -ServicesDirectory $folder app " | Should -Be 'app-web'
        Complete "Send-McpImage -ServicesDirectory $folder app -Image " | Should -Be 'app-web', 'redis'
        Complete "Build-McpImage -ServicesDirectory $folder other " | Should -Not -Contain 'app-web'
        Complete 'Invoke-McpDeploy hello -Pull ' | Should -Be 'always', 'missing', 'never'
        Complete 'Build-McpImage hello -Platform linux/ar' | Should -Be 'linux/arm64'
    }

    It 'does not wait for nodes' {
        Complete 'Get-McpComponent -Service ' | Out-Null
        (Measure-Command { Complete 'Get-McpComponent -Service ' }).TotalSeconds | Should -BeLessThan 2
    }

    It 'says nothing, and throws nothing, when the config is broken' {
        Set-Content "$TestDrive/broken-config.toml" '[[nodes'
        $before = $Error.Count
        Complete "Get-McpNodeStatus -Config '$TestDrive/broken-config.toml' -Node o" | Where-Object { $_ -notlike '*/*' } |
            Should -BeNullOrEmpty
        $Error.Count | Should -Be $before
    }
}
