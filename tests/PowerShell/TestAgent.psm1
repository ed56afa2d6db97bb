# A real agent over real podman for the suite: its own folder, storage, image and names, so that several runs don't meet.
# run.ps1 starts nothing by itself; the first test that needs the agent does, and run.ps1 stops it.
Set-StrictMode -Version Latest

$script:Root = (Resolve-Path (Join-Path $PSScriptRoot ../..)).Path
$script:Agent = $null
$script:Reserved = $null
$script:Registry = $null

# The development build's agent, or that of the folder MCP_TEST_PROGRAMS.
$script:AgentProgram = Join-Path ($env:MCP_TEST_PROGRAMS ? $env:MCP_TEST_PROGRAMS : (Join-Path $script:Root out)) mcp-agent

function Get-ModulePath { Join-Path $script:Root out/Mcp/Mcp.psd1 }

<# Why there can be no agent here; nothing when there can. #>
function Get-AgentObstacle {
    if (-not $IsLinux) { return 'the suite runs its agent on Linux' }
    foreach ($tool in 'podman', 'busybox', 'bash') {
        if (-not (Get-Command $tool -CommandType Application -ErrorAction Ignore)) { return "$tool is not installed" }
    }
    if (-not (Test-Path $script:AgentProgram)) { return "$script:AgentProgram is not built; run ./build.sh" }
}

<# The agent of this run; started when nobody has. Id is a prefix for names that must be unique on the machine. #>
function Get-TestAgent {
    if ($script:Agent) { return $script:Agent }
    $id = 't' + [System.Guid]::NewGuid().ToString('n').Substring(0, 6)
    $dir = Join-Path ([System.IO.Path]::GetTempPath()) "mcp-pester-$id"
    $null = New-Item -ItemType Directory $dir
    $script:Agent = [pscustomobject]@{
        Id = $id; Dir = $dir; Process = $null; Image = "localhost/$id-app:v1"
        Config = "$dir/node/mcp.toml"; Services = "$dir/node/services"; Log = "$dir/agent.log"
        Registry = "127.0.0.1:$(Get-FreePort)"
    }
    Initialize-Engine $dir
    New-TestImage $dir $script:Agent.Image
    Start-AgentProcess
    $env:MCP_CONFIG = $script:Agent.Config
    $script:Agent
}

# Storage of its own, and the engine settings that this machine needs, for the agent's podman and for ours.
function Initialize-Engine([string] $Dir) {
    $find = ". '$script:Root/scripts/engine-env.sh'; engine_env '$script:Root/out/engine' || " +
        '{ echo "$ENGINE_ENV_REASON" >&2; exit 1; }; echo "${CONTAINERS_CONF:-}"'
    $conf = bash -c $find
    if ($LASTEXITCODE -ne 0) { throw 'podman can run no containers here' }
    if ($conf) { $env:CONTAINERS_CONF = $conf }
    Set-Content "$Dir/storage.conf" "[storage]", 'driver = "overlay"', "graphroot = `"$Dir/storage`"", "runroot = `"$Dir/run`""
    $env:CONTAINERS_STORAGE_CONF = "$Dir/storage.conf"
    # The agent's engine reads it when it starts, so the address is chosen before there is an image registry at it.
    Set-Content "$Dir/registries.conf" '[[registry]]', "location = `"$($script:Agent.Registry)`"", 'insecure = true'
    $env:CONTAINERS_REGISTRIES_CONF = "$Dir/registries.conf"
}

function New-TestImage([string] $Dir, [string] $Image) {
    $context = New-Item -ItemType Directory "$Dir/image/bin"
    Copy-Item (Get-Command busybox).Source "$context/busybox"
    Set-Content "$Dir/image/Dockerfile" 'FROM scratch', 'COPY bin /bin', 'RUN ["/bin/busybox", "--install", "-s", "/bin"]', 'ENV PATH=/bin'
    $output = podman build --quiet --tag $Image "$Dir/image" 2>&1
    if ($LASTEXITCODE -ne 0) { throw "podman build: $output" }
}

function Start-AgentProcess {
    $agent = $script:Agent
    $agent.Process = Start-Process $script:AgentProgram dev, --dir, "$($agent.Dir)/node", --name, dev,
        --stay-up, 300ms -PassThru `
        -RedirectStandardOutput $agent.Log -RedirectStandardError "$($agent.Log).err"
    $said = "the agent to be ready; it said: $(Get-Content "$($agent.Log)*" -Raw)"
    Wait-Until { (Test-Path $agent.Log) -and (Select-String '^ready: ' $agent.Log -Quiet) } $said {
        if ($agent.Process.HasExited) { throw "the agent ended: $(Get-Content "$($agent.Log)*" -Raw)" }
    }
}

function Stop-TestAgent {
    $agent = $script:Agent
    if (-not $agent) { return }
    $script:Agent = $null
    try {
        Stop-TestRegistry
        if ($agent.Process -and -not $agent.Process.HasExited) {
            /bin/kill -TERM $agent.Process.Id
            if (-not $agent.Process.WaitForExit(20000)) { $agent.Process.Kill($true) }
        }
        podman ps --all --quiet --filter "name=$($agent.Id)" | ForEach-Object { podman rm --force --time 1 $_ } *> $null
    }
    finally {
        # What podman left mounted below the folder must not be walked into.
        Get-Content /proc/self/mounts | ForEach-Object { ($_ -split ' ')[1] } | Where-Object { $_.StartsWith("$($agent.Dir)/") } |
            Sort-Object -Descending | ForEach-Object { umount -l $_ }
        Remove-Item -LiteralPath $agent.Dir -Recurse -Force -ErrorAction Continue
        $env:MCP_CONFIG = $env:CONTAINERS_STORAGE_CONF = $env:CONTAINERS_REGISTRIES_CONF = $null
    }
}

function Wait-Until([scriptblock] $Condition, [string] $What, [scriptblock] $Check = {}) {
    $deadline = [datetime]::UtcNow.AddSeconds(60)
    while (-not (& $Condition)) {
        & $Check
        if ([datetime]::UtcNow -gt $deadline) { throw "waited a minute for $What" }
        Start-Sleep -Milliseconds 100
    }
}

<# Writes a definition with web (one route), worker (writes to both streams) and tail (which can be ended from outside).
Returns the service's name. #>
function New-TestService([string] $Suffix, [string] $Image) {
    $agent = Get-TestAgent
    $name = "$($agent.Id)-$Suffix"
    $Image = $Image ? $Image : $agent.Image
    Set-Content "$($agent.Services)/$name.toml" @"
name = "$name"
node = "dev"

[[components]]
name = "web"
image = "$Image"
cmd = ["sh", "-c", "trap 'exit 0' TERM; mkdir -p /www; echo hello > /www/index.html; httpd -f -p `$PORT -h /www & wait"]

[[components.routes]]
port = 443
mode = "l7"

[[components]]
name = "worker"
image = "$Image"
restart = "no"
cmd = ["sh", "-c", "trap 'exit 0' TERM; i=0; while true; do i=`$((i+1)); echo line `$i; echo warn `$i >&2; sleep 0.2; done"]
"@
    $name
}

<# Why there can be no image registry here; nothing when there can. #>
function Get-RegistryObstacle {
    $obstacle = Get-AgentObstacle
    if ($obstacle) { return $obstacle }
    if (-not (Get-Command docker-registry -CommandType Application -ErrorAction Ignore)) { return 'docker-registry is not installed' }
}

<# A real image registry at the address that the agent's engine knows; started when nobody has. #>
function Start-TestRegistry {
    $agent = Get-TestAgent
    if ($script:Registry) { return $agent.Registry }
    Set-Content "$($agent.Dir)/registry.yml" @"
version: 0.1
log: {level: error}
storage:
  filesystem: {rootdirectory: $($agent.Dir)/registry}
http: {addr: "$($agent.Registry)"}
"@
    $script:Registry = Start-Process docker-registry serve, "$($agent.Dir)/registry.yml" -PassThru `
        -RedirectStandardOutput "$($agent.Dir)/registry.log" -RedirectStandardError "$($agent.Dir)/registry.err"
    Wait-Until { try { Invoke-RestMethod "http://$($agent.Registry)/v2/" } catch { $null } } 'the image registry' {
        if ($script:Registry.HasExited) { throw "the image registry ended: $(Get-Content "$($agent.Dir)/registry.err" -Raw)" }
    }
    $agent.Registry
}

function Stop-TestRegistry {
    if ($script:Registry -and -not $script:Registry.HasExited) {
        $script:Registry.Kill()
        $script:Registry.WaitForExit()
    }
    $script:Registry = $null
}

<# What the image registry has under a tag; nothing when it has nothing. #>
function Get-RegistryDigest([string] $Name, [string] $Tag) {
    $answer = Invoke-WebRequest "http://$((Get-TestAgent).Registry)/v2/$Name/manifests/$Tag" -SkipHttpErrorCheck `
        -Headers @{ Accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json' }
    if ($answer.StatusCode -eq 200) { "$($answer.Headers['Docker-Content-Digest'])" }
}

<# A config of the agent's node with a workspace and an image registry, or with none. #>
function New-BuildConfig([string] $Name, [string] $Registry) {
    $agent = Get-TestAgent
    $path = "$($agent.Dir)/$Name.toml"
    $where = $Registry ? "address = `"$Registry`"`n[registry.hosts.`"$Registry`"]`ninsecure = true" : 'kind = "none"'
    $nodes = (Get-Content $agent.Config -Raw) -replace '(?m)^dir = .*$', "dir = `"$Name-services`""
    $null = New-Item -ItemType Directory -Force "$($agent.Dir)/$Name-services", "$($agent.Dir)/src"
    Set-Content $path ($nodes + "`n[build]`nworkspace = `"src`"`nengine = `"podman`"`n[registry]`n$where`n")
    chmod 600 $path
    $path
}

<# Sources and definition of a service whose images are built: web, and a worker of another image. Returns its name. #>
function New-BuildService([string] $Suffix, [string] $Config, [string] $Version = 'v1') {
    $agent = Get-TestAgent
    $name = "$($agent.Id)-$Suffix"
    foreach ($image in 'web', 'worker') {
        $context = New-Item -ItemType Directory -Force "$($agent.Dir)/src/$name/$image"
        Set-Content "$context/Dockerfile" "FROM $($agent.Image)", 'ARG VERSION', "RUN echo $name $image `$VERSION > /version"
    }
    # The first component without an image would get the service's own name.
    $from = (Get-Content $Config -Raw) -match '(?m)^\[registry\]\naddress = "(.+)"' ? $Matches[1] : 'localhost'
    $run = 'cmd = ["sh", "-c", "trap ''exit 0'' TERM; cat /version; while true; do sleep 0.2; done"]'
    Set-Content "$([System.IO.Path]::ChangeExtension($Config, $null).TrimEnd('.'))-services/$name.toml" @"
name = "$name"
node = "dev"
version = "$Version"
path = "$name"

[build.images]
$name-web = "web/Dockerfile"
$name-worker = "worker/Dockerfile"

[[components]]
name = "web"
image = "$from/$name-web"
restart = "no"
$run

[[components]]
name = "worker"
restart = "no"
$run
"@
    $name
}

<# Ends a component's container behind the agent's back. #>
function Stop-Container([string] $Name) {
    $output = podman kill $Name 2>&1
    if ($LASTEXITCODE -ne 0) { throw "podman kill $Name`: $output" }
}

<# Every row of the agent's registry database, except events: those come whenever the engine tells of something. #>
function Get-RegistryRow {
    if (-not ('McpTest.Sqlite' -as [type])) {
        $library = Join-Path $script:Root out/libe_sqlite3.so
        Add-Type -Namespace McpTest -Name Sqlite -MemberDefinition @"
[DllImport(@"$library")] public static extern int sqlite3_open_v2(string path, out IntPtr db, int flags, IntPtr vfs);
[DllImport(@"$library")] public static extern int sqlite3_prepare_v2(IntPtr db, string sql, int length, out IntPtr statement, IntPtr tail);
[DllImport(@"$library")] public static extern int sqlite3_step(IntPtr statement);
[DllImport(@"$library")] public static extern int sqlite3_column_count(IntPtr statement);
[DllImport(@"$library")] public static extern IntPtr sqlite3_column_text(IntPtr statement, int column);
[DllImport(@"$library")] public static extern int sqlite3_finalize(IntPtr statement);
[DllImport(@"$library")] public static extern int sqlite3_close(IntPtr db);
"@
    }
    $db = [IntPtr]::Zero
    $opened = [McpTest.Sqlite]::sqlite3_open_v2("$((Get-TestAgent).Dir)/node/agent/registry.db", [ref] $db, 1, [IntPtr]::Zero)
    if ($opened -ne 0) { throw "the registry database can't be opened: $opened" }
    try {
        foreach ($table in Read-Sqlite $db "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'events' ORDER BY name") {
            Read-Sqlite $db "SELECT * FROM `"$table`" ORDER BY 1, 2" | ForEach-Object { "$table`: $_" }
        }
    }
    finally { $null = [McpTest.Sqlite]::sqlite3_close($db) }
}

function Read-Sqlite([IntPtr] $Db, [string] $Query) {
    $statement = [IntPtr]::Zero
    if ([McpTest.Sqlite]::sqlite3_prepare_v2($Db, $Query, -1, [ref] $statement, [IntPtr]::Zero) -ne 0) { throw "sqlite refused: $Query" }
    $columns = [McpTest.Sqlite]::sqlite3_column_count($statement)
    while ([McpTest.Sqlite]::sqlite3_step($statement) -eq 100) {
        @(for ($i = 0; $i -lt $columns; $i++) {
            [Runtime.InteropServices.Marshal]::PtrToStringUTF8([McpTest.Sqlite]::sqlite3_column_text($statement, $i))
        }) -join '|'
    }
    $null = [McpTest.Sqlite]::sqlite3_finalize($statement)
}

function Get-FreePort {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    try { $listener.LocalEndpoint.Port } finally { $listener.Stop() }
}

<# An address at which nobody listens: the port is ours, so that nobody else can, as long as this process lives. #>
function Get-DeadAddress {
    if (-not $script:Reserved) {
        $script:Reserved = [System.Net.Sockets.Socket]::new([System.Net.Sockets.SocketType]::Stream, [System.Net.Sockets.ProtocolType]::Tcp)
        $script:Reserved.Bind([System.Net.IPEndPoint]::new([System.Net.IPAddress]::Loopback, 0))
    }
    "https://127.0.0.1:$($script:Reserved.LocalEndPoint.Port)"
}

<# A config with the agent and a node at whose address nobody listens. #>
function New-ConfigWithDeadNode {
    $agent = Get-TestAgent
    $path = "$($agent.Dir)/with-dead.toml"
    $text = Get-Content $agent.Config -Raw
    Set-Content $path ($text + @"

[[nodes]]
name = "dead"
address = "$(Get-DeadAddress)"
fingerprint = "$('AB:' * 31)AB"
token = "mcp_none"
"@)
    chmod 600 $path
    $path
}

Export-ModuleMember -Function Get-ModulePath, Get-AgentObstacle, Get-TestAgent, Stop-TestAgent, New-TestService, Stop-Container,
    New-ConfigWithDeadNode, Get-DeadAddress, Wait-Until, `
    Get-RegistryObstacle, Start-TestRegistry, Stop-TestRegistry, Get-RegistryDigest, New-BuildConfig, New-BuildService, Get-RegistryRow
