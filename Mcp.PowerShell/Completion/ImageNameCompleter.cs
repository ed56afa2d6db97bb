using System.Collections;
using Mcp.Core.Client;
using Mcp.Core.Client.Workstation;
using Mcp.Core.Definitions;
using Mcp.Core.Client.Images;

namespace Mcp.PowerShell.Completion;

/// <summary>Images that the definitions of the services named so far run.</summary>
public class ImageNameCompleter : NameCompleter
{
    private protected override IEnumerable<string> Names(WorkstationConfig config, IDictionary bound)
    {
        var services = Definitions(config);
        foreach (var name in services.Names().Where(Asked(bound, "Service")))
        {
            string[] images;
            try
            {
                images = [.. Images(services.Read(name).Definition)];
            }
            catch (McpException)
            {
                // One broken file says nothing; the others still do.
                continue;
            }
            foreach (var image in images)
                yield return image;
        }
    }

    private protected virtual IEnumerable<string> Images(ServiceDefinition definition) => ImageNeed.Of(definition)
        .Select(n => n.Image.Name);
}

/// <summary>Those of them that can be built.</summary>
public sealed class BuildImageCompleter : ImageNameCompleter
{
    private protected override IEnumerable<string> Images(ServiceDefinition definition) => base.Images(definition)
        .Where(definition.BuildImages.ContainsKey);
}
