using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Checkpoints.Tests.S3;

/// <summary>What befalls a request on its way.</summary>
internal enum Fault
{
    None,

    /// <summary>The store does not get it; the answer is 503 SlowDown.</summary>
    Refused,

    /// <summary>The store does what is asked, and the answer is 500.</summary>
    AnswerLost,

    /// <summary>The store does not get it; the connection is cut.</summary>
    RequestCut,

    /// <summary>The store does what is asked; the connection is cut in the middle of its answer.</summary>
    AnswerCut,

    /// <summary>A bit of what is sent is flipped.</summary>
    RequestFlipped,

    /// <summary>A bit of what comes back is flipped.</summary>
    AnswerFlipped,
}

/// <summary>A way to the store on which things go wrong.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private readonly HttpClient _store = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Uri _target;
    private readonly WebApplication _app;
    private int _requests;

    private FaultProxy(Uri target)
    {
        _target = target;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Chooses what befalls a request, by its number from 1.</summary>
    public Func<int, HttpRequest, Fault> Choose { get; set; } = (_, _) => Fault.None;

    /// <summary>Answers in the store's place when it returns true.</summary>
    public Func<HttpContext, byte[], Task<bool>> Answer { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Method, path and query of every request.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>Faults that befell a request, at least so far.</summary>
    public int Faults { get; private set; }

    public static async Task<FaultProxy> StartAsync(Uri target)
    {
        var proxy = new FaultProxy(target);
        await proxy._app.StartAsync();
        return proxy;
    }

    public static async Task<bool> AnswerErrorAsync(HttpContext context, int status, string code, string message = "")
    {
        context.Response.StatusCode = status;
        await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>{message}</Message></Error>");
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _store.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var number = Interlocked.Increment(ref _requests);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Seen.Enqueue($"{context.Request.Method} {target}");
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var fault = Choose(number, context.Request);
        if (fault != Fault.None)
            Faults++;
        if (fault == Fault.RequestCut)
            context.Abort();
        else if (fault == Fault.Refused)
            await AnswerErrorAsync(context, 503, "SlowDown");
        else if (!await Answer(context, body))
            await ForwardAsync(context, target, body, fault);
    }

    private async Task ForwardAsync(HttpContext context, string target, byte[] body, Fault fault)
    {
        if (fault == Fault.RequestFlipped)
            Flip(body);
        using var answer = await _store.SendAsync(Copy(context.Request, target, body));
        var content = await answer.Content.ReadAsByteArrayAsync();
        if (fault == Fault.AnswerLost)
        {
            await AnswerErrorAsync(context, 500, "InternalError");
            return;
        }

        if (fault == Fault.AnswerFlipped)
            Flip(content);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection"))
                context.Response.Headers[name] = values.ToArray();
        }

        if (fault == Fault.AnswerCut)
        {
            await context.Response.Body.WriteAsync(content.AsMemory(0, content.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
        else if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(content);
        }
    }

    // The signature covers host and path as they were sent.
    private HttpRequestMessage Copy(HttpRequest request, string target, byte[] body)
    {
        var raw = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var copy = new HttpRequestMessage(
            new HttpMethod(request.Method), new Uri(_target.GetLeftPart(UriPartial.Authority) + target, raw));
        copy.Content = body.Length > 0 || request.Method is "PUT" or "POST" ? new ByteArrayContent(body) : null;
        foreach (var (name, values) in request.Headers.Where(header => header.Key is not "Content-Length"))
        {
            if (!copy.Headers.TryAddWithoutValidation(name, values.ToArray()))
                copy.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return copy;
    }

    private static void Flip(byte[] content)
    {
        if (content.Length > 0)
            content[content.Length / 2] ^= 1;
    }
}
