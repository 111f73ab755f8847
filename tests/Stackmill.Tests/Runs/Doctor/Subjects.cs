using System.Net;
using System.Net.Sockets;
using Stackmill.Catalog;
using Stackmill.Runs.Doctor;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>What tests let the doctor examine.</summary>
internal static class Subjects
{
    /// <summary>A configuration from assignments.</summary>
    public static StackmillOptions Options(params string[] assignments)
    {
        var (options, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), assignments);
        Assert.Empty(errors);
        return options;
    }

    /// <summary>A subject that knows no variable of this machine.</summary>
    public static DoctorSubject Of(StackmillOptions? options = null, string? input = null, string? output = null, Dictionary<string, string>? environment = null, double limitSeconds = 15, TimeProvider? clock = null) =>
        new(options ?? Options(), input, output)
        {
            Environment = name => environment?.GetValueOrDefault(name) ?? (name == "HF_TOKEN_PATH" ? Path.Combine(AppContext.BaseDirectory, "no-such-token") : null),
            Limit = TimeSpan.FromSeconds(limitSeconds),
            Clock = clock ?? TimeProvider.System,
        };

    /// <summary>All checks, in order.</summary>
    public static async Task<List<Check>> ExamineAsync(DoctorSubject subject, CancellationToken cancellation = default)
    {
        var checks = new List<Check>();
        await foreach (var check in DoctorRun.RunAsync(subject, cancellation))
            checks.Add(check);
        return checks;
    }

    /// <summary>A port of this machine on which nobody listens.</summary>
    public static string DeadAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }

    /// <summary>The status of a name; attributes of public tests can't hold the type.</summary>
    public static CheckStatus Status(string name) => Enum.Parse<CheckStatus>(name, ignoreCase: true);

    /// <summary>Fails unless a check ended so, and says what is expected of it.</summary>
    public static void Expect(Check check, CheckStatus status, string found, string? remedy = null)
    {
        Assert.True(check.Status == status, $"{check}");
        Assert.Contains(found, check.Found, StringComparison.Ordinal);
        if (remedy is null)
            Assert.True(check.Status != CheckStatus.Failed || check.Remedy is not null, $"nothing is said to be done: {check}");
        else
            Assert.Contains(remedy, check.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', check.Found + check.Remedy);
    }
}
