using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using Stackmill.Core.Model;

namespace Stackmill.Tests.Conventions;

/// <summary>What Core shows to the world says what it means.</summary>
public sealed class DocstringTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void Public_types_and_members_of_Core_have_docstrings()
    {
        var assembly = typeof(CodeRecord).Assembly;
        var documents = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member")
            .ToDictionary(m => (string)m.Attribute("name")!, StringComparer.Ordinal);
        var documented = documents.Keys.Select(WithoutSignature).ToHashSet(StringComparer.Ordinal);
        var (missing, types, members) = (new List<string>(), 0, 0);
        foreach (var type in assembly.GetExportedTypes())
        {
            types++;
            var name = type.FullName!.Replace('+', '.');
            if (!documents.TryGetValue("T:" + name, out var document) || Summary(document).Length < 10)
            {
                missing.Add(name);
                continue;
            }

            var parameters = document.Elements("param").Where(p => p.Value.Trim().Length > 0).Select(p => (string)p.Attribute("name")!).ToHashSet(StringComparer.Ordinal);
            foreach (var member in type.GetMembers(Declared).Where(IsWritten))
            {
                members++;
                var id = $"{Kind(member)}:{name}.{(member is ConstructorInfo ? "#ctor" : member.Name)}";
                // The parameters of a record's head, and an interface's members where they are implemented, are documented there.
                if (!documented.Contains(id) && !parameters.Contains(member.Name) && !Implements(type, member))
                    missing.Add(id);
            }
        }

        Assert.True(types > 20 && members > 100, $"only {types} types and {members} members were seen");
        Assert.True(missing.Count == 0, $"without a docstring:\n{string.Join('\n', missing)}");
    }

    private static bool IsWritten(MemberInfo member) => member switch
    {
        MethodInfo method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.GetBaseDefinition().DeclaringType == method.DeclaringType,
        // A primary constructor is documented by the parameters of its type.
        ConstructorInfo => false,
        PropertyInfo property => property.GetMethod?.IsDefined(typeof(CompilerGeneratedAttribute)) != true || property.Name != "EqualityContract",
        FieldInfo field => !field.IsSpecialName,
        _ => false,
    };

    private static bool Implements(Type type, MemberInfo member) =>
        !type.IsInterface && type.GetInterfaces().Any(i => i.GetMember(member.Name).Length > 0);

    private static char Kind(MemberInfo member) => member switch { PropertyInfo => 'P', FieldInfo => 'F', _ => 'M' };

    private static string WithoutSignature(string id)
    {
        var end = id.AsSpan(2).IndexOfAny('(', '`');
        return end < 0 ? id : id[..(end + 2)];
    }

    private static string Summary(XElement member) => member.Element("summary")?.Value.Trim() ?? "";
}
