using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using Orchestrator.Domain.Incidents;
using Orchestrator.Domain.Leases;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Records;

/// <summary>Records in which every stored property has a value of its own, filled in by their types.</summary>
internal static class FullRecords
{
    public static object Of(Type type)
    {
        var number = 0;
        return Fill(type, type.Name, ref number);
    }

    /// <summary>Stored properties that still hold what an empty record holds.</summary>
    public static IEnumerable<string> Defaults(object record) => Stored(record.GetType())
        .Where(property => property.GetValue(record) is null or 0 or 0L or "" or false or ICollection { Count: 0 })
        .Select(property => property.Name);

    private static object Fill(Type type, string name, ref int number)
    {
        number++;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => $"{name}-{number}",
            _ when type == typeof(int) => number,
            _ when type == typeof(long) => (long)number,
            _ when type == typeof(bool) => true,
            _ when type == typeof(DateTimeOffset) => Moments.At(number),
            _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(number),
            _ when type.IsEnum => Enum.GetValues(type).GetValue(1)!,
            _ when type == typeof(OrderBody) => Fill(typeof(LaunchOrder), name, ref number),
            _ when type == typeof(ImmutableDictionary<string, string>) =>
                ImmutableDictionary<string, string>.Empty.Add("OMP_NUM_THREADS", "1"),
            _ when type == typeof(ImmutableDictionary<string, long>) =>
                ImmutableDictionary<string, long>.Empty.Add("GPU-0", number),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) =>
                FillArray(type.GetGenericArguments()[0], name, ref number),
            _ => FillRecord(type, ref number),
        };
    }

    private static object FillArray(Type element, string name, ref int number)
    {
        var items = Array.CreateInstance(element, 1);
        items.SetValue(Fill(element, name, ref number), 0);
        var create = typeof(ImmutableCollectionsMarshalOf<>).MakeGenericType(element).GetMethod("From")!;
        return create.Invoke(null, [items])!;
    }

    private static object FillRecord(Type type, ref int number)
    {
        var constructor = type.GetConstructors().MinBy(one => one.GetParameters().Length)!;
        var arguments = new List<object>();
        foreach (var parameter in constructor.GetParameters())
        {
            arguments.Add(Fill(parameter.ParameterType, parameter.Name!, ref number));
        }

        var record = constructor.Invoke([.. arguments]);
        foreach (var property in Stored(type))
        {
            property.SetValue(record, Fill(property.PropertyType, property.Name, ref number));
        }

        return record;
    }

    private static IEnumerable<PropertyInfo> Stored(Type type) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite && property.Name != nameof(Incident.SchemaVersion))
        .OrderBy(property => property.MetadataToken);

    private static class ImmutableCollectionsMarshalOf<T>
    {
        public static ImmutableArray<T> From(T[] items) => [.. items];
    }
}
