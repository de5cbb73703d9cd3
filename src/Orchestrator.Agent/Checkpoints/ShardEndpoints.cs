using Orchestrator.Agent.Options;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Checkpoints;

/// <summary>The door of the shards: what other agents ask over HTTP.</summary>
internal static class ShardEndpoints
{
    // step-…/attempt-…/rank-…
    private const int ShardDepth = 3;
    private const int BlockBytes = 1 << 20;

    /// <summary>Serves shards on their port only: the other doors are for other visitors.</summary>
    public static void MapShards(this WebApplication app, AgentOptions options)
    {
        if (options.ShardPort == 0)
            return;
        app.MapWhen(context => context.Connection.LocalPort == options.ShardPort
            && context.Connection.RemoteIpAddress is not null, branch => branch.Run(ServeAsync));
    }

    private static async Task ServeAsync(HttpContext context)
    {
        var receiver = context.RequestServices.GetRequiredService<ShardReceiver>();
        try
        {
            await ServeAsync(context, receiver, context.RequestAborted);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            && !context.Response.HasStarted)
        {
            await AnswerAsync(context, new CheckpointFault("host_storage_failed", exception.Message));
        }
    }

    private static async Task ServeAsync(
        HttpContext context, ShardReceiver receiver, CancellationToken cancellationToken)
    {
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        switch (context.Request.Method, parts)
        {
            case ("POST", ["offers"]):
                await AnswerAsync(context, receiver.Offer(await OfferAsync(context, cancellationToken)));
                break;
            case ("POST", ["offers", "complete"]):
                await AnswerAsync(context, receiver.Complete(await OfferAsync(context, cancellationToken)));
                break;
            case ("PUT", ["jobs", var job, .. var path]) when path.Length > ShardDepth:
                await AnswerAsync(context, await receiver.TakeAsync(
                    job, ShardOf(path), NameOf(path), context.Request.Body, cancellationToken));
                break;
            case ("GET", ["jobs", var job, .. var path]) when path.Length > ShardDepth
                && receiver.PathOf(job, ShardOf(path), NameOf(path)) is { } file:
                await SendAsync(context.Response, file, cancellationToken);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    // Not SendFileAsync: its blocks are small, and each costs.
    private static async Task SendAsync(HttpResponse response, string path, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var size = RandomAccess.GetLength(file);
        response.ContentLength = size;
        for (long at = 0; at < size;)
        {
            var block = response.BodyWriter.GetMemory(BlockBytes)[..(int)Math.Min(BlockBytes, size - at)];
            var read = RandomAccess.Read(file, block.Span, at);
            if (read == 0)
                throw new EndOfStreamException($"{path} ends at {at}, while it is being sent.");
            response.BodyWriter.Advance(read);
            at += read;
            if ((await response.BodyWriter.FlushAsync(cancellationToken)).IsCompleted)
                return;
        }
    }

    private static async Task<ShardOffer> OfferAsync(HttpContext context, CancellationToken cancellationToken) =>
        await context.Request.ReadFromJsonAsync<ShardOffer>(cancellationToken)
            ?? throw new BadHttpRequestException("The body is no offer.");

    private static string ShardOf(string[] path) => string.Join('/', path.Take(ShardDepth));

    private static string NameOf(string[] path) => string.Join('/', path.Skip(ShardDepth));

    private static Task AnswerAsync(HttpContext context, CheckpointFault? fault)
    {
        if (fault is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status409Conflict;
        return context.Response.WriteAsJsonAsync(fault);
    }
}
