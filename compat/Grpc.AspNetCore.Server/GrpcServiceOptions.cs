namespace Grpc.AspNetCore.Server;

/// <summary>How services behave. See compat/README.md for the options of the real package that are left out.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>In bytes; null for any size.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes; null for any size.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageSize;

    /// <summary>Callers see the messages of exceptions that handlers throw. They may hold what callers should not know.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>Calls to unknown services and methods are left to the rest of the pipeline in place of being answered UNIMPLEMENTED.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    /// <summary>The first is the outermost.</summary>
    public InterceptorCollection Interceptors { get; } = [];
}

/// <summary>Options of one service; what is not set is as in <see cref="GrpcServiceOptions"/>.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class;
