using System.Diagnostics;
using System.Text;
using Mcp.Agent.Hosting;
using Mcp.Core.Definitions;
using Mcp.Testing;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>Definitions and agent.toml with mistakes that no person makes: the readers name them or take them, and never fail.</summary>
internal static class FuzzTexts
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "tests", "cases", "definitions");

    private static readonly byte[][] Definitions =
        [.. Directory.GetFiles(Folder, "*.toml", SearchOption.AllDirectories).Order().Select(File.ReadAllBytes)];

    private static readonly byte[] Config = """
        [listen]
        address = "127.0.0.1:9443"

        [ports]
        range = "20000-20100"
        exclude = ["20001-20002"]

        [monitor]
        interval = "30s"

        [deploy]
        keep_releases = 3
        stay_up = "3s"
        """u8.ToArray();

    /// <returns>What went wrong; null: nothing.</returns>
    public static string? Fault(Random random)
    {
        var clock = Stopwatch.StartNew();
        var isConfig = random.Next(3) == 0;
        var bytes = Mutator.Mutate(isConfig ? Config : Definitions[random.Next(Definitions.Length)], random);
        var why = "";
        try
        {
            if (isConfig)
                AgentConfigReader.Read(bytes, "agent.toml");
            else
                DefinitionReader.Read(Encoding.UTF8.GetString(bytes), "x.toml");
        }
        catch (ConfigException)
        {
            // Says what is wrong with the file.
        }
        catch (Exception e)
        {
            why = e.ToString();
        }
        if (why.Length == 0 && clock.Elapsed > TimeSpan.FromSeconds(5))
            why = $"took {clock.Elapsed}";
        return why.Length == 0 ? null : $"{why}\nTOML {Convert.ToBase64String(bytes)}";
    }
}
