# Plan, releases, rollback and audit, on one service whose page says which image serves it.
BeforeDiscovery { Import-Module "$PSScriptRoot/TestAgent.psm1" }

Describe 'Plan, releases and rollback' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = "$($agent.Id)-rel"
        foreach ($version in 'v1', 'v2') {
            $context = New-Item -ItemType Directory "$TestDrive/$version"
            Set-Content "$context/Dockerfile" "FROM $($agent.Image)", "RUN mkdir /www && echo $version > /www/index.html"
            podman build --quiet --tag "localhost/$service`:$version" $context | Out-Null
        }

        # web keeps its host port; worker holds none.
        function Set-Definition([string] $Version, [string] $Worker = 'v1') {
            Set-Content "$($agent.Services)/$service.toml" @"
name = "$service"
node = "dev"

[[components]]
name = "web"
image = "localhost/$service`:$Version"
env = ["TOKEN=hush-hush"]
cmd = ["sh", "-c", "trap 'exit 0' TERM; httpd -f -p `$PORT -h /www & wait"]
[components.health]
stay_up = "200ms"
[[components.routes]]
port = 443
mode = "l7"

[[components]]
name = "worker"
image = "localhost/$service`:$Worker"
cmd = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.1; done"]
[components.health]
stay_up = "200ms"
"@
        }

        function Get-Page {
            $port = (Get-McpRoute $service).HostPort
            (Invoke-WebRequest "http://127.0.0.1:$port/" -MaximumRetryCount 10 -RetryIntervalSec 1).Content.Trim()
        }

        function Get-Containers { podman ps --all --no-trunc --format '{{.ID}} {{.Names}} {{.Status}}' --filter "name=$service" |
            ForEach-Object { $_ -replace ' (Up|seconds|About).*' } }

        Set-Definition v1
        $first = Invoke-McpDeploy $service
        Set-Definition v2
    }

    AfterAll { Remove-McpService $service -Confirm:$false -ErrorAction Ignore }

    It 'numbers deploys' {
        $first.Outcome | Should -Be 'succeeded'
        $first.Release | Should -Be 1
    }

    Context 'Get-McpPlan and -WhatIf' {
        It 'says what would be done to each component, why, and how' {
            $web, $worker = Get-McpPlan $service | Sort-Object Component
            $web | Should -BeOfType Mcp.PowerShell.McpPlan
            $web.Change, $web.Reason, $web.Strategy, $web.Release, $web.HasChanges |
                Should -Be 'replace', 'image v1 -> v2', 'stop-first', 2, $true
            $web.StrategyReason | Should -Match 'host port'
            $web.RunLine | Should -Match "^podman run .*-e '?TOKEN=\*\*\*.* localhost/$service`:v2 "
            $web.RunLine | Should -Not -Match 'hush'
            $worker.Change, $worker.Strategy, $worker.RunLine, $worker.HasChanges | Should -Be 'unchanged', '', '', $false
        }

        It 'plans what -Force would do' {
            (Get-McpPlan $service worker -Force).Change | Should -Be 'replace'
        }

        It 'says with -WhatIf the same in words, and changes nothing: no container, no row' {
            $containers = Get-Containers
            $rows = Get-RegistryRow
            $rows.Count | Should -BeGreaterThan 5
            $script = "Import-Module '$(Get-ModulePath)'; Invoke-McpDeploy $service -WhatIf -Force; Get-McpPlan $service | Out-Null"
            $said = (pwsh -NoProfile -NonInteractive -OutputFormat Text -Command $script) -join "`n"
            $said | Should -Match "What if: Replace $service/web on dev: image v1 -> v2; stop-first \(.+\)\s+podman run "
            $said | Should -Match "What if: Replace $service/worker on dev: .*; start-first \("
            $said | Should -Match 'What if: Record .* as release 2'
            $said | Should -Not -Match 'hush'
            Get-Containers | Should -Be $containers
            Get-RegistryRow | Should -Be $rows
        }

        It 'obeys $WhatIfPreference as it does -WhatIf' {
            $containers = Get-Containers
            & { $WhatIfPreference = $true; Invoke-McpDeploy $service } | Should -BeNullOrEmpty
            Get-Containers | Should -Be $containers
            (Get-McpRelease $service).Number | Should -Be 1
        }

        It 'is the same error as of a deploy when the node does not answer' {
            Get-McpPlan $service -Node dead -Config (New-ConfigWithDeadNode) -ErrorAction SilentlyContinue -ErrorVariable problem |
                Should -BeNullOrEmpty
            $problem[0].CategoryInfo.Category | Should -Be 'ConnectionError'
            $problem[0].TargetObject | Should -Be 'dead'
        }
    }

    Context 'after a second deploy' {
        BeforeAll {
            $old = Get-McpComponent $service | Sort-Object Component
            $second = Get-McpPlan $service | Where-Object HasChanges | Select-Object Service -Unique | Invoke-McpDeploy
            $new = Get-McpComponent $service | Sort-Object Component
        }

        It 'has replaced what changed, and left the other alone' {
            $second.Release | Should -Be 2
            $new[0].Version | Should -Be 'v2'
            $new[1].ContainerId | Should -Be $old[1].ContainerId
            Get-Page | Should -Be 'v2'
        }

        It 'has nothing more to do' {
            (Get-McpPlan $service).HasChanges | Should -Not -Contain $true
            Get-McpPlan $service | Where-Object Release | Should -BeNullOrEmpty
        }

        It 'replaces all the same with -Force' {
            $forced = Invoke-McpDeploy $service worker -Force
            $forced.Release | Should -Be 3
            (Get-McpComponent $service worker).ContainerId | Should -Not -Be $new[1].ContainerId
            (Get-McpComponent $service web).ContainerId | Should -Be $new[0].ContainerId
        }

        It 'lists releases, newest first, with what they were' {
            $releases = Get-McpRelease $service.ToUpper()
            $releases | Should -BeOfType Mcp.PowerShell.McpRelease
            $releases.Number | Should -Be 3, 2, 1
            $releases.Current | Should -Be $true, $false, $false
            $releases[0].Component | Should -Be 'worker'
            $two = $releases[1]
            $two.Outcome, $two.Kind, $two.Actor, $two.Node, $two.OperationId |
                Should -Be 'succeeded', 'deploy', 'dev', 'dev', $second.OperationId
            $two.Duration | Should -BeGreaterThan ([timespan]::Zero)
            ($two.Images | Where-Object Component -EQ web).Image | Should -Be "localhost/$service`:v2"
            ($two.Images | Where-Object Component -EQ web).Digest | Should -Match '^sha256:'
            $two.Definition.Components.Name | Should -Be 'web', 'worker'
            $two.Definition.Components[0].Environment | Should -Be 'TOKEN=***'
            $two.Definition.Toml | Should -Not -Match 'hush'
            (Get-McpService $service | Get-McpRelease | Where-Object Current).Number | Should -Be 3
        }

        It 'marks the current one in the table' {
            $lines = (Get-McpRelease $service | Out-String -Width 80) -replace "$([char]27)\[[0-9;]*m" -split '\r?\n'
            $lines | Where-Object { $_ -match '^\s+\* 3 succeeded' } | Should -Not -BeNullOrEmpty
            $lines | Where-Object { $_ -match '^\s+2 succeeded' } | Should -Not -BeNullOrEmpty
        }

        It 'completes -To with good releases, newest first, and says what they were' {
            $line = "Undo-McpDeploy $service -To "
            $found = (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches
            $found.CompletionText | Should -Be '3', '2', '1'
            $found[1].ToolTip | Should -Match "^\d{4}-\d\d-\d\d \d\d:\d\d by dev: .*$service`:v2"
            $found[0].ToolTip | Should -Match 'current'
        }

        It 'goes back with the release from the pipeline, to the image of then and not to what its tag means now' {
            podman tag $agent.Image "localhost/$service`:v1"
            Get-McpRelease $service | Where-Object Number -EQ 1 | Undo-McpDeploy -WhatIf | Should -BeNullOrEmpty
            Get-Page | Should -Be 'v2'
            $result = Get-McpRelease $service | Where-Object Number -EQ 1 | Undo-McpDeploy
            $result | Should -BeOfType Mcp.PowerShell.McpDeployResult
            $result.Outcome, $result.Release | Should -Be 'succeeded', 4
            Get-Page | Should -Be 'v1'
            $now = Get-McpRelease $service | Where-Object Current
            $now.Number, $now.Kind, $now.RollbackOf | Should -Be 4, 'rollback', 1
        }

        It 'says why a release can not be gone back to' {
            Undo-McpDeploy $service -To 77 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            "$($problem[0])" | Should -Match 'no release 77'
            $problem[0].ErrorDetails.RecommendedAction | Should -Match '3, 2, 1'
            Undo-McpDeploy "$service-none" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
            Get-McpRelease "$service-none*" | Should -BeNullOrEmpty
        }

        It 'tells who did what' {
            $entries = Get-McpAudit $service
            $entries | Should -BeOfType Mcp.PowerShell.McpAuditEntry
            $done = $entries | Where-Object Outcome -EQ succeeded
            $done.Action | Should -Be 'deploy', 'deploy', 'deploy', 'rollback'
            $done.Actor | Select-Object -Unique | Should -Be 'dev'
            $done[0].From | Should -Match '^127\.0\.0\.1:\d+$'
            @(Get-McpAudit "$service*" -Last 1).Id | Should -Be $entries[-1].Id
            Get-McpAudit $service -Since ([datetime]::Now.AddHours(1)) -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            Get-McpAudit "$service-none" -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'unknown-service,*'
        }

        It 'has changes where only the definition is recorded anew' {
            Set-Definition v2 v2
            $file = "$($agent.Services)/$service.toml"
            (Get-Content $file -Raw) -replace 'name = "worker"', "name = `"worker`"`nstop_timeout = `"7s`"" | Set-Content $file
            (Invoke-McpDeploy $service).Outcome | Should -Be 'succeeded'
            (Get-McpPlan $service).HasChanges | Should -Not -Contain $true
            (Get-Content $file -Raw) -replace '"7s"', '"8s"' | Set-Content $file
            $plan = Get-McpPlan $service
            $plan.Change | Select-Object -Unique | Should -Be 'unchanged'
            $plan.HasChanges | Should -Not -Contain $false
        }

        It 'remembers a service that is gone' {
            Remove-McpService $service -Confirm:$false
            (Get-McpRelease $service).Current | Should -Not -Contain $true
            (Undo-McpDeploy $service -To 2).Outcome | Should -Be 'succeeded'
            Get-Page | Should -Be 'v2'
        }
    }
}

Describe 'A service that somebody else has' -Tag Agent {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestAgent.psm1"
        Import-Module (Get-ModulePath) -Force
        $agent = Get-TestAgent
        $service = "$($agent.Id)-busy"
        $gate = New-Item -ItemType Directory "$($agent.Dir)/gate"
        Set-Content "$($agent.Services)/$service.toml" @"
name = "$service"
node = "dev"

[[components]]
name = "hold"
kind = "task"
image = "$($agent.Image)"
volumes = ["$gate`:/gate:ro"]
cmd = ["sh", "-c", "trap 'exit 1' TERM; while [ ! -e /gate/open ]; do sleep 0.1; done"]
"@

        function Start-Shell([string] $Script) {
            $shell = [powershell]::Create()
            $null = $shell.AddScript("`$VerbosePreference = 'Continue'; Import-Module '$(Get-ModulePath)' -Verbose:`$false; $Script")
            [pscustomobject]@{ Shell = $shell; Result = $shell.BeginInvoke() }
        }
        $holder = Start-Shell "Invoke-McpDeploy $service"
        Wait-Until { Get-McpRelease $service -ErrorAction Ignore } 'the first deploy' {
            if ($holder.Result.IsCompleted) { throw "it ended: $($holder.Shell.Streams.Error)" }
        }
    }

    AfterAll {
        New-Item -Force "$gate/open" | Out-Null
        $holder.Shell.Stop()
        $holder.Shell.Dispose()
        Remove-McpService $service -Wait -Confirm:$false -ErrorAction Ignore
    }

    It 'is an error at once without -Wait, which says who has it' {
        Invoke-McpDeploy $service -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].CategoryInfo.Category | Should -Be 'ResourceBusy'
        "$($problem[0])" | Should -Match 'dev'
    }

    It 'is waited for with -Wait, which says who has it since when; a task is completed then' {
        $waiter = Start-Shell "Invoke-McpDeploy $service -Wait"
        try {
            $locked = 'waiting: locked by dev since \d\d:\d\d:\d\d \(deploy, operation \w+\)'
            Wait-Until { "$($waiter.Shell.Streams.Verbose)" -match $locked } 'the line that it waits' {
                if ($waiter.Result.IsCompleted) { throw "it ended: $($waiter.Shell.Streams.Error)" }
            }
            New-Item "$gate/open" | Out-Null
            $waiter.Shell.EndInvoke($waiter.Result).Outcome | Should -Be 'succeeded'
            $holder.Shell.EndInvoke($holder.Result).Outcome | Should -Be 'succeeded'
        }
        finally {
            $waiter.Shell.Stop()
            $waiter.Shell.Dispose()
        }
        $task = Get-McpComponent $service
        $task.Desired, $task.State, $task.ExitCode | Should -Be 'completed', 'exited', 0
        $task | Out-String | Should -Match 'completed'
        $whole = Get-McpService $service
        $whole.State, $whole.Total | Should -Be 'completed', 0
    }
}
