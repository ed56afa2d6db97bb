using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Mcp.Testing;
using Mcp.V1;

namespace Mcp.EndToEnd.Fuzz;

/// <summary>One call to an agent: which RPC, with whose token, and the bytes of its requests. Its text, one line, is how a finding is kept
/// (tests/cases/fuzz).</summary>
/// <param name="Method">"/package.Service/Method".</param>
/// <param name="Caller">One of <see cref="FuzzAgent.Callers"/>.</param>
internal sealed record FuzzCall(string Method, string Caller, IReadOnlyList<byte[]> Requests)
{
    public static readonly IReadOnlyList<MethodDescriptor> Methods =
        [.. NodeAgent.Descriptor.Methods.Concat(Health.Descriptor.Methods)];

    /// <summary>Whether all requests are messages of the RPC's type.</summary>
    public bool IsReadable
    {
        get
        {
            var type = Methods.First(m => Method == $"/{m.Service.FullName}/{m.Name}").InputType;
            try
            {
                foreach (var request in Requests)
                    type.Parser.ParseFrom(request);
                return true;
            }
            catch (InvalidProtocolBufferException)
            {
                return false;
            }
        }
    }

    public static FuzzCall Random(Random random)
    {
        var method = Methods[random.Next(Methods.Count)];
        var requests = Enumerable.Range(0, method.IsClientStreaming ? random.Next(1, 4) : 1)
            .Select(_ => Request(method.InputType, random)).ToList();
        return new($"/{method.Service.FullName}/{method.Name}", FuzzAgent.Callers[random.Next(FuzzAgent.Callers.Count)], requests);
    }

    public static FuzzCall Parse(string line)
    {
        var parts = line.Split(' ');
        return new(parts[0], parts[1], [.. parts[2..].Select(Convert.FromBase64String)]);
    }

    public override string ToString() => $"{Method} {Caller} {string.Join(' ', Requests.Select(Convert.ToBase64String))}";

    private static byte[] Request(MessageDescriptor type, Random random)
    {
        var message = new FilledMessage(random.Next(4)).Of(type);
        // Names that pass the first checks, so that some requests get further.
        if (random.Next(2) == 0)
            Name(message, random);
        var bytes = message.ToByteArray();
        return random.Next(20) == 0 ? bytes : Mutator.Mutate(bytes, random);
    }

    private static void Name(IMessage message, Random random)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field is { FieldType: FieldType.String, IsRepeated: false } && field.Name is "name" or "service" or "component")
                field.Accessor.SetValue(message, random.Next(8).ToString("'fuzz-'0", CultureInfo.InvariantCulture));
            else if (field is { FieldType: FieldType.String, IsRepeated: false, Name: "image" })
                field.Accessor.SetValue(message, "localhost/fuzz:v1");
            else if (field is { FieldType: FieldType.Message, IsRepeated: false } && field.Accessor.GetValue(message) is IMessage nested)
                Name(nested, random);
            else if (field is { FieldType: FieldType.Message, IsRepeated: true, IsMap: false })
                foreach (IMessage item in (System.Collections.IList)field.Accessor.GetValue(message))
                    Name(item, random);
        }
    }
}
