using System.Collections.Frozen;
using static Stackmill.Shared.Lexing.Structure.RuleTraits;
using static Stackmill.Shared.Lexing.Structure.WordRole;

namespace Stackmill.Shared.Lexing.Structure;

/// <summary>
/// The rules of each language by linguist's name. Which words and operators are paths follows the tool lizard; docs/measures.md names where this
/// table departs from it.
/// </summary>
internal static class StructureTable
{
    private const WordRole Arm = Branch | Keyword;

    private static readonly StructureRules C = Of(
        Declarators | Flat | TypesNeedBody | Preprocessor | OldParameters | AndOr, QuestionRule.Operand,
        ("if for while case catch", Arm), ("else do switch return sizeof goto default break continue throw", Keyword),
        ("_Alignas _Static_assert static_assert __attribute__ __attribute __declspec __asm__ asm __extension__ typeof __typeof__ defined", Keyword),
        ("struct union", TypeWord | Keyword), ("enum", TypeWord | EnumWord | Keyword));

    private static readonly StructureRules Cpp = Of(
        Declarators | Flat | TypesNeedBody | InitializerLists | Preprocessor | AndOr, QuestionRule.Operand,
        ("if for while case catch", Arm), ("else do switch return sizeof goto default break continue throw try delete using co_return co_await co_yield", Keyword),
        ("alignas alignof static_assert __attribute__ __attribute __declspec __asm__ asm noexcept decltype requires explicit typeof typeid typename defined", Keyword),
        ("static_cast dynamic_cast const_cast reinterpret_cast friend", Keyword),
        ("struct union class", TypeWord | Keyword), ("enum", TypeWord | EnumWord | Keyword), ("new", New | Keyword), ("operator", Operator | Keyword));

    private static readonly StructureRules ObjectiveC = Cpp with { Traits = (Cpp.Traits | ObjectiveMethods) & ~InitializerLists };

    private static readonly StructureRules Java = Of(
        Declarators | AndOr, QuestionRule.Operand,
        ("if for while case catch", Arm),
        ("else do switch return default break continue throw try finally synchronized instanceof assert yield when extends implements throws super this", Keyword),
        ("class record", TypeWord | Keyword), ("interface", TypeWord | Interface | Keyword), ("enum", TypeWord | EnumWord | Keyword), ("new", New | Keyword), ("import", Import | Keyword));

    private static readonly StructureRules CSharp = Of(
        Declarators | ArrowMembers | Preprocessor | AndOr | Coalesce, QuestionRule.Nullable,
        ("if for foreach while case catch", Arm),
        ("global else do switch return default break continue throw try finally lock fixed using is as in out ref and or not when await yield goto checked unchecked", Keyword),
        ("sizeof typeof nameof stackalloc delegate where base this from select join let orderby group into", Keyword),
        ("class struct record interface", TypeWord | Keyword), ("enum", TypeWord | EnumWord | Keyword), ("new", New | Keyword), ("operator", Operator | Keyword), ("using", Import));

    private static readonly StructureRules JavaScript = Of(
        Declarators | Arrows | AndOr | Coalesce, QuestionRule.Nullable,
        ("if for while case catch", Arm), ("function", Function | Keyword), ("class", TypeWord | Keyword), ("new", New | Keyword), ("import", Import | Keyword), ("require", ImportCall),
        ("else do switch return default break continue throw try finally with typeof instanceof in of delete void await yield export extends", Keyword));

    private static readonly StructureRules TypeScript = JavaScript with
    {
        Traits = JavaScript.Traits | Annotations,
        Words = new WordTable(
        [
            ("if for while case catch", Arm), ("function", Function | Keyword), ("class", TypeWord | Keyword), ("new", New | Keyword), ("import", Import | Keyword), ("require", ImportCall),
            ("else do switch return default break continue throw try finally with typeof instanceof in of delete void await yield export extends", Keyword),
            ("interface", TypeWord | Interface | Keyword), ("enum", TypeWord | Keyword), ("let const var", Variable | Keyword), ("type", Alias), ("as satisfies", Cast | Keyword),
        ]),
    };

    private static readonly StructureRules Go = Of(
        HeadOnLine | ImportGroups | AndOr, QuestionRule.Never,
        ("if for case", Arm), ("func", Function | Keyword), ("struct interface", TypeBraces | TypeAfterName | Keyword), ("import", Import | Keyword),
        ("else switch select return default break continue goto defer go range chan map type var const", Keyword));

    private static readonly StructureRules Rust = Of(
        AndOr, QuestionRule.Always,
        ("if while", Arm), ("for", Arm), ("match", Arms | Keyword), ("fn", Function | Keyword), ("struct enum trait", TypeWord | Keyword), ("use", Import | Keyword),
        ("else loop return break continue in move let mut ref as where impl unsafe dyn", Keyword));

    private static readonly StructureRules Kotlin = Of(
        HeadByIndent | EqualsBody | ThinArms | AndOr | Elvis, QuestionRule.Never,
        ("if for while catch", Arm), ("when", Arms | Keyword), ("fun", Function | Keyword), ("class interface object", TypeWord | Keyword), ("import", Import | Keyword),
        ("get set", Accessor), ("constructor", Initializer),
        ("else do return break continue throw try finally in is as", Keyword));

    private static readonly StructureRules Scala = Of(
        HeadByIndent | EqualsBody | AndOr, QuestionRule.Never,
        ("if for while case do catch", Arm), ("def", Function | Keyword), ("class trait object enum", TypeWord | Keyword), ("import", Import | Keyword),
        ("else return throw try finally match yield extends with new type val var", Keyword));

    private static readonly StructureRules Dart = Of(
        Declarators | ArrowMembers | TypedNames | AndOr | Coalesce, QuestionRule.Nullable,
        ("if for while case catch", Arm), ("class mixin extension", TypeWord | Keyword), ("enum", TypeWord | EnumWord | Keyword), ("new", New | Keyword), ("import", Import | Keyword), ("operator", Operator | Keyword),
        ("else do switch return default break continue throw try finally is as in await yield assert super this on when", Keyword));

    private static readonly StructureRules Groovy = Of(
        Declarators | TypedNames | AndOr, QuestionRule.Nullable,
        ("if for while case catch", Arm), ("class trait interface", TypeWord | Keyword), ("enum", TypeWord | EnumWord | Keyword), ("new", New | Keyword), ("import", Import | Keyword),
        ("else do switch return default break continue throw try finally instanceof in as assert super this", Keyword));

    private static readonly StructureRules Swift = Of(
        HeadByIndent | AndOr | Coalesce, QuestionRule.Spaced,
        ("if for while case guard catch", Arm), ("func", Function | Keyword), ("class struct enum actor protocol", TypeWord | Keyword), ("import", Import | Keyword),
        ("get set willSet didSet deinit", Accessor), ("init subscript", Initializer),
        ("else do switch return default break continue throw try repeat in is as where let var static", Keyword));

    private static readonly StructureRules Php = Of(
        Sigils | ArrowBody | AndOr | Coalesce, QuestionRule.Nullable,
        ("if elseif for foreach while case and or xor catch", Arm), ("match", Arms | Keyword), ("function fn", Function | Keyword), ("class trait interface enum", TypeWord | Keyword),
        ("new", New | Keyword), ("use require require_once include include_once", Import | Keyword),
        ("else do switch return default break continue throw try finally instanceof echo print as public private protected static readonly", Keyword));

    private static readonly StructureRules Perl = Of(
        Sigils | AndOr, QuestionRule.Operand,
        ("if elsif unless while until for foreach when given", Arm), ("sub", Function | Keyword), ("package", TypeWord | Keyword), ("use require", Import | Keyword),
        ("else do return and or not x eq ne lt gt le ge cmp my our local last next print", Keyword));

    private static readonly StructureRules R = Of(
        BareBody | BackslashFunction | AndOr | SingleAndOr, QuestionRule.Never,
        ("if for while repeat switch tryCatch try ifelse", Arm), ("function", Function | Keyword), ("library require requireNamespace", ImportCall), ("else in next break", Keyword));

    private static readonly StructureRules Shell = Of(
        Commands | Sigils | AndOr | DoubleSemicolon, QuestionRule.Never,
        ("if elif for while until select", Arm), ("function", Function | Keyword), ("source", Import | Keyword), ("then else do time", Keyword));

    private static readonly StructureRules Python = Of(
        Indentation, QuestionRule.Never,
        ("if elif for while except finally and or", Arm), ("case", SoftBranch), ("def cpdef", Function | Keyword), ("class", TypeWord | Keyword), ("import from", Import | Keyword),
        ("else return yield await not in is lambda assert raise del with as try pass break continue print async", Keyword));

    private static readonly StructureRules Ruby = Of(
        EndBlocks | Lines | Symbols | AndOr, QuestionRule.Spaced,
        ("if unless while until", Arm | OpenerAtStart), ("for", Arm | Opener | Loop), ("elsif when rescue ensure and or", Arm), ("while until", Loop),
        ("def", Function | Opener | Keyword), ("class module", TypeWord | Opener | Keyword), ("begin case", Opener | Keyword), ("do", Do | Keyword), ("end", Closer),
        ("require require_relative load", Import), ("then else not in", Keyword));

    private static readonly StructureRules Lua = Of(
        EndBlocks, QuestionRule.Never,
        ("if", Arm | Opener), ("while for elseif and or", Arm), ("until", Arm | Closer), ("function", Function | Opener | Keyword), ("do repeat", Opener | Keyword), ("end", Closer),
        ("require", ImportCall), ("then else return local not in", Keyword));

    private static readonly FrozenDictionary<string, StructureRules> ByLanguage = new Dictionary<string, StructureRules>(StringComparer.OrdinalIgnoreCase)
    {
        ["C"] = C,
        ["OpenCL"] = C,
        ["C++"] = Cpp,
        ["Cuda"] = Cpp,
        ["Metal"] = Cpp,
        ["Arduino"] = Cpp,
        ["HLSL"] = Cpp,
        ["GLSL"] = C,
        ["Objective-C"] = ObjectiveC,
        ["Objective-C++"] = ObjectiveC,
        ["Java"] = Java,
        ["Processing"] = Java,
        ["C#"] = CSharp,
        ["JavaScript"] = JavaScript,
        ["JSX"] = JavaScript,
        ["TypeScript"] = TypeScript,
        ["TSX"] = TypeScript,
        ["Go"] = Go,
        ["Rust"] = Rust,
        ["Kotlin"] = Kotlin,
        ["Scala"] = Scala,
        ["Dart"] = Dart,
        ["Groovy"] = Groovy,
        ["Swift"] = Swift,
        ["PHP"] = Php,
        ["Perl"] = Perl,
        ["R"] = R,
        ["Shell"] = Shell,
        ["Python"] = Python,
        ["Cython"] = Python,
        ["Starlark"] = Python,
        ["Ruby"] = Ruby,
        ["Lua"] = Lua,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the languages that have rules.</summary>
    public static IEnumerable<string> Languages => ByLanguage.Keys.Order(StringComparer.Ordinal);

    /// <summary>The rules of a language by linguist's name; null when it has none.</summary>
    public static StructureRules? Find(string language) => ByLanguage.GetValueOrDefault(language);

    private static StructureRules Of(RuleTraits traits, QuestionRule question, params (string Words, WordRole Role)[] words) => new(new WordTable(words), traits, question);
}
