using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orchestrator.Architecture.Tests;

/// <summary>One compiled project: the assemblies, types and members that its code really uses.</summary>
internal sealed class Room
{
    private Room(MetadataReader metadata)
    {
        Assemblies = [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        Types = [.. metadata.TypeReferences.Select(handle => FullName(metadata, handle))];
        Members = [.. metadata.MemberReferences.Select(handle => FullName(metadata, handle)).OfType<string>()];
    }

    /// <summary>Names of the assemblies that it uses.</summary>
    public IReadOnlyList<string> Assemblies { get; }

    /// <summary>Full names of the types of other assemblies that it uses.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>Members of those types, as "Namespace.Type.Member".</summary>
    public IReadOnlyList<string> Members { get; }

    /// <summary>Our own assemblies among <see cref="Assemblies"/>, without the common prefix.</summary>
    public IEnumerable<string> Neighbours => Assemblies
        .Where(name => name.StartsWith("Orchestrator.", StringComparison.Ordinal))
        .Select(name => name["Orchestrator.".Length..]);

    public static Room Open(string assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
        File.Exists(file).ShouldBeTrue($"{file} was not built");
        using var image = new PEReader(File.OpenRead(file));
        return new Room(image.GetMetadataReader());
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : $"{metadata.GetString(type.Namespace)}.{name}";
    }

    private static string? FullName(MetadataReader metadata, MemberReferenceHandle handle)
    {
        var member = metadata.GetMemberReference(handle);
        return member.Parent.Kind == HandleKind.TypeReference
            ? $"{FullName(metadata, (TypeReferenceHandle)member.Parent)}.{metadata.GetString(member.Name)}"
            : null;
    }
}
