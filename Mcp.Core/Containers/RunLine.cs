using System.Buffers;
using System.Text;

namespace Mcp.Core.Containers;

/// <summary>The command that a person would type to run the same container. It can be pasted into any POSIX shell.</summary>
public static class RunLine
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,");

    /// <param name="engine">podman or docker.</param>
    /// <param name="showSecrets">False, as for plans and logs: values of the environment and the command's arguments are "***", for many of
    /// them are secrets.</param>
    public static string For(ContainerSpec spec, string engine = "podman", bool showSecrets = false)
    {
        var line = new StringBuilder(engine).Append(" run -d");
        void Option(string name, string value) => line.Append(' ').Append(name).Append(' ').Append(Quote(value));

        Option("--name", spec.Name);
        foreach (var (name, value) in spec.Options())
            Option("--" + name, value);
        foreach (var port in spec.Ports)
            Option("-p", port.ToString());
        foreach (var variable in spec.Environment)
            if (showSecrets || variable.IndexOf('=', StringComparison.Ordinal) is not (>= 0 and var equals))
                Option("-e", variable);
            else
                line.Append(" -e ").Append(Quote(variable[..equals])).Append("=***");
        foreach (var mount in spec.Mounts)
            Option("-v", mount.ToString());
        foreach (var (key, value) in spec.Labels)
            Option("--label", $"{key}={value}");
        line.Append(' ').Append(Quote(spec.Image));
        if (!showSecrets && spec.Command.Count > 0)
            return line.Append(" ***").ToString();
        foreach (var argument in spec.Command)
            line.Append(' ').Append(Quote(argument));
        return line.ToString();
    }

    /// <summary>One word for a POSIX shell: as it is when it needs nothing, otherwise in single quotes.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAnyExcept(PlainCharacters)
            ? word
            : "'" + word.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
