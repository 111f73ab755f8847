namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What a reserved word does. A word without a role here is a name.</summary>
[Flags]
internal enum WordRole
{
    /// <summary>Reserved, and an operand follows: never the name of a function.</summary>
    Keyword = 1 << 0,

    /// <summary>One more path.</summary>
    Branch = 1 << 1,

    /// <summary>One more path where it is the first word of a line and a pattern follows (<c>case</c> of Python).</summary>
    SoftBranch = 1 << 2,

    /// <summary>A function follows.</summary>
    Function = 1 << 3,

    /// <summary>A type follows.</summary>
    TypeWord = 1 << 4,

    /// <summary>With <see cref="TypeWord"/>: its body starts with constants.</summary>
    EnumWord = 1 << 5,

    /// <summary>With <see cref="TypeWord"/>: nothing in its body runs.</summary>
    Interface = 1 << 6,

    /// <summary>An import, as the first word of a statement.</summary>
    Import = 1 << 7,

    /// <summary>An import, when arguments follow.</summary>
    ImportCall = 1 << 8,

    /// <summary>A constructor call follows: a brace after it is no body of a function.</summary>
    New = 1 << 9,

    /// <summary>A function when a brace follows (<c>get</c> of Swift).</summary>
    Accessor = 1 << 10,

    /// <summary>A function when parameters follow (<c>init</c> of Swift).</summary>
    Initializer = 1 << 11,

    /// <summary>The next braces hold arms of which each after the first is one more path.</summary>
    Arms = 1 << 12,

    /// <summary>A block that <see cref="Closer"/> ends starts here.</summary>
    Opener = 1 << 13,

    /// <summary>So it does, unless an operand stands before it (<c>x if y</c>).</summary>
    OpenerAtStart = 1 << 14,

    /// <summary>With an opener: the next <see cref="Do"/> belongs to it.</summary>
    Loop = 1 << 15,

    /// <summary>Opens a block, unless it belongs to a loop's head.</summary>
    Do = 1 << 16,

    /// <summary>Ends a block.</summary>
    Closer = 1 << 17,

    /// <summary>A type whose braces may stand in the head of a function (<c>interface{}</c> of Go).</summary>
    TypeBraces = 1 << 18,

    /// <summary>The name of an operator follows, which is a function's.</summary>
    Operator = 1 << 19,

    /// <summary>A variable with its type follows (<c>let</c> of TypeScript).</summary>
    Variable = 1 << 20,

    /// <summary>A name for a type follows (<c>type</c> of TypeScript).</summary>
    Alias = 1 << 21,

    /// <summary>A name for a type, unless a name stands before it (<c>struct</c> of Go).</summary>
    TypeAfterName = 1 << 22,

    /// <summary>A type follows, which may be one of a function (<c>as</c> of TypeScript).</summary>
    Cast = 1 << 23,
}

/// <summary>How functions are written, and what beside words makes paths.</summary>
[Flags]
internal enum RuleTraits
{
    None = 0,

    /// <summary>A name, parameters and a brace are a function.</summary>
    Declarators = 1 << 0,

    /// <summary>Functions hold no functions: what looks like one is a macro's block or counts for the outer one.</summary>
    Flat = 1 << 1,

    /// <summary>A type counts where its body starts (<c>struct x y;</c> declares a variable).</summary>
    TypesNeedBody = 1 << 2,

    /// <summary>A colon after the parameters starts initialisers (C++).</summary>
    InitializerLists = 1 << 3,

    /// <summary>Lines that start with a hash are left out; <c>#if</c> is one more path (C, C#).</summary>
    Preprocessor = 1 << 4,

    /// <summary><c>- (void)name</c> is a function (Objective-C).</summary>
    ObjectiveMethods = 1 << 5,

    /// <summary><c>T name(…) => value;</c> is a function (C#, Dart).</summary>
    ArrowMembers = 1 << 6,

    /// <summary><c>=></c> is a function wherever it is no type (JavaScript).</summary>
    Arrows = 1 << 7,

    /// <summary>Types may hold what looks like arrows (TypeScript).</summary>
    Annotations = 1 << 8,

    /// <summary>Outside types, a function's name follows a type (Groovy: a call takes a block).</summary>
    TypedNames = 1 << 9,

    /// <summary>Functions end with their indentation (Python).</summary>
    Indentation = 1 << 10,

    /// <summary>Blocks end with a word (Ruby, Lua).</summary>
    EndBlocks = 1 << 11,

    /// <summary>A line end ends a statement outside brackets, and words are keywords where a command may start (shells).</summary>
    Commands = 1 << 12,

    /// <summary>A line end ends a statement outside brackets.</summary>
    Lines = 1 << 13,

    /// <summary>A brace that opens a body stands on the line of the function's head (Go).</summary>
    HeadOnLine = 1 << 14,

    /// <summary>A function's head without a body ends where a line is indented no deeper (Swift, Kotlin, Scala).</summary>
    HeadByIndent = 1 << 15,

    /// <summary><c>=</c> after a function's head starts a body of one expression (Kotlin, Scala).</summary>
    EqualsBody = 1 << 16,

    /// <summary>What follows the parameters is a body (R).</summary>
    BareBody = 1 << 17,

    /// <summary><c>=></c> after a function's head starts a body of one expression (PHP).</summary>
    ArrowBody = 1 << 18,

    /// <summary>A word after a dollar sign is a variable.</summary>
    Sigils = 1 << 19,

    /// <summary><c>:if</c> and <c>if:</c> are symbols (Ruby).</summary>
    Symbols = 1 << 20,

    /// <summary><c>&amp;&amp;</c> and <c>||</c> are paths each.</summary>
    AndOr = 1 << 21,

    /// <summary><c>&amp;</c> and <c>|</c> too (R).</summary>
    SingleAndOr = 1 << 22,

    /// <summary><c>??</c> is a path.</summary>
    Coalesce = 1 << 23,

    /// <summary><c>?:</c> is a path (Kotlin).</summary>
    Elvis = 1 << 24,

    /// <summary>Arms have <c>-></c> (Kotlin), else <c>=></c>.</summary>
    ThinArms = 1 << 25,

    /// <summary>Each <c>;;</c> is a path (shells).</summary>
    DoubleSemicolon = 1 << 26,

    /// <summary>A backslash before parameters is a function (R).</summary>
    BackslashFunction = 1 << 27,

    /// <summary><c>import ( … )</c> has one import a string (Go).</summary>
    ImportGroups = 1 << 28,

    /// <summary>Declarations of parameters may stand between their names and the body (C).</summary>
    OldParameters = 1 << 29,
}

/// <summary>When a question mark is a path.</summary>
internal enum QuestionRule
{
    Never,

    /// <summary>After an operand.</summary>
    Operand,

    /// <summary>After an operand, unless it looks like a mark of a type (<c>int? x</c>, <c>x?.y</c>).</summary>
    Nullable,

    /// <summary>After an operand, between white space.</summary>
    Spaced,

    /// <summary>Always: it returns early (Rust).</summary>
    Always,
}

/// <summary>The rules of one language.</summary>
internal sealed record StructureRules(WordTable Words, RuleTraits Traits, QuestionRule Question)
{
    public bool Has(RuleTraits trait) => (Traits & trait) != 0;
}
