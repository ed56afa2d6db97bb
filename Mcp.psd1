@{
    RootModule           = 'Mcp.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '4ad6b04d-2710-49cd-9a47-992e442d02da'
    Author               = 'The Mcp authors'
    CompanyName          = 'Mcp'
    Copyright            = '(c) The Mcp authors. MIT licence.'
    Description          = 'Runs containers on a handful of machines: one file per service, one agent per node.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('Mcp.format.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Build-McpImage'
        'Get-McpAudit'
        'Get-McpComponent'
        'Get-McpConfig'
        'Get-McpEvent'
        'Get-McpLog'
        'Get-McpNode'
        'Get-McpNodeStatus'
        'Get-McpPlan'
        'Get-McpRelease'
        'Get-McpRoute'
        'Get-McpService'
        'Invoke-McpDeploy'
        'Remove-McpComponent'
        'Remove-McpService'
        'Restart-McpComponent'
        'Send-McpImage'
        'Start-McpComponent'
        'Stop-McpComponent'
        'Stop-McpOperation'
        'Sync-McpService'
        'Test-McpAudit'
        'Test-McpDefinition'
        'Undo-McpDeploy'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags = @('containers', 'podman', 'docker', 'deploy', 'operations')
        }
    }
}
