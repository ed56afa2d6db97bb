namespace Mcp.Core.Client.Images;

/// <param name="Push">false: the image stays in the workstation's engine.</param>
/// <param name="Platform">"linux/arm64"; null is the engine's own.</param>
public sealed record ImageBuildOptions(bool Push = true, bool NoCache = false, string? Platform = null);
