using Grpc.Core;
using Grpc.Core.Interceptors;
using Orchestrator.Gateway.Control;

namespace Orchestrator.Gateway.Health;

/// <summary>
/// Says of a call that failed while the storage is away that this is why: what a database's driver throws, and where,
/// differs from call to call.
/// </summary>
internal sealed class StorageErrors(StorageHealth health) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        ExplainAsync(() => continuation(request, context), context);

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        ExplainAsync(
            async () =>
            {
                await continuation(request, responseStream, context);
                return true;
            },
            context);

    private async Task<TResult> ExplainAsync<TResult>(Func<Task<TResult>> call, ServerCallContext context)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (error is not (RpcException or OperationCanceledException))
        {
            if (await health.CheckAsync(context.CancellationToken) is { } problem)
            {
                throw problem.ToError();
            }

            throw;
        }
    }
}
