using Mcp.Bench.Measuring;

namespace Mcp.Bench;

/// <summary>One bench of the command line: what `./bench.sh NAME` runs.</summary>
/// <param name="Method">What is measured and how, with command lines; goes into the results.</param>
internal sealed record Row(string Name, string Title, string Method,
    Func<Session, CancellationToken, Task<IReadOnlyList<Figure>>> RunAsync);
