// What the agent's memory and start are compared with: Kestrel that answers one page, and nothing else.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
var app = builder.Build();
app.MapGet("/", () => "ready");
await app.StartAsync();
Console.WriteLine("ready: " + app.Urls.First());
await app.WaitForShutdownAsync();
