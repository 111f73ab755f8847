using System.Text;
using Stackmill.Shared.Lexing;
using Stackmill.Shared.Lexing.Structure;

namespace Stackmill.Tests.Shared.Lexing.Structure;

/// <summary>Small files of each language with the complexities of their functions, counted by hand by the rules of docs/measures.md.</summary>
public sealed class ComplexityTests
{
    private static CodeStructure Of(string language, string text)
    {
        var lexer = new Lexer();
        var bytes = Encoding.UTF8.GetBytes(text);
        lexer.Count(bytes, language);
        return lexer.MeasureStructure(bytes, language)!.Value;
    }

    [Theory]
    [InlineData("C", "int f(int a) { if (a && !a) return 1; return a ? 2 : 3; }\nint g(void);\nvoid h(void) { }\n", 2, 4, 5)]
    [InlineData("C", "int f(a, b)\n    int a; char *b;\n{\n    while (a) a--;\n    do { a++; } while (a < 3);\n    return 0;\n}\n", 1, 3, 3)]
    [InlineData("C", "#define IF if (x)\nint a[] = { F(1), F(2) };\nvoid f(void) {\n#if A\n  for (;;) {\n#else\n  while (1) {\n#endif\n  }\n}\nvoid g(void) {}\n", 2, 4, 5)]
    [InlineData("C", "void f(int x) { switch (x) { case 1: case 2: break; default: x(); } list_for_each(a, b) { if (a) {} } }\n", 1, 4, 4)]
    [InlineData("C", "struct s f(struct s *x) __attribute__((noreturn));\nstruct s { int a; };\nstatic struct s *g(void) { return 0; }\n", 1, 1, 1)]
    [InlineData("C++", "A::A(int x) : a(x), b{x} { if (x) {} }\nA::~A() noexcept {}\nbool operator()(int x) const { return x || 1; }\n", 3, 2, 5)]
    [InlineData("C++", "template <class T> class B : public C {\n  int f() const override { auto&& y = z; return std::any_of(a, b, [](int x) { return x && 1; }); }\n  B() = default;\n  void g();\n};\n", 1, 2, 2)]
    [InlineData("C++", "namespace n { extern \"C\" { auto f() -> int { try { } catch (...) { } return R\"(if (a) {)\"[0]; } } }\n", 1, 2, 2)]
    [InlineData("Objective-C", "@implementation A\n- (void)f:(int)x with:(int)y {\n  if (x) { [self g:^(int z) { while (z) {} }]; }\n}\n+ (id)g;\n- (int)h { return 1; }\n@end\n", 2, 3, 4)]
    [InlineData("Java", "import a.B;\nclass A<T> {\n  A(int x) { this.x = x; }\n  @B(1) <U extends T> U f(List<? extends T> l) throws E { for (T t : l) { if (t != null || x) {} } return null; }\n  abstract void g();\n}\n", 2, 4, 5)]
    [InlineData("Java", "enum E { ONE(1) { int f() { return 1; } }, TWO(2) { };\n  E(int x) { run(new Runnable() { public void run() { while (x) {} } }); y(() -> { if (x) {} }); } }\n", 3, 2, 5)]
    [InlineData("C#", "using A;\nclass C {\n  int? F(int? x) => x?.Y ?? (x > 1 ? 2 : 3);\n  int G { get { return 1; } }\n  void H() { foreach (var x in y) { int L(int z) { return z; } } var s = new S(1) { A = 2 }; }\n}\n", 3, 3, 6)]
    [InlineData("C#", "class C(int a) : B(a) {\n  static C operator +(C a, C b) { return a; }\n  T F<T>(T x) where T : class, new() { return x switch { P(var y) => 1, _ => 2 }; }\n}\n", 2, 1, 2)]
    [InlineData("Dart", "int f(int x) => x > 0 ? 1 : 2;\nclass A { A(this.x) { x ??= 1; } void g() { h(() { if (x) {} }); } }\n", 3, 2, 6)]
    [InlineData("Groovy", "def f(x) { x ? 1 : 2 }\ntask(x) { if (y) {} }\n", 1, 2, 2)]
    [InlineData("JavaScript", "function f(a) { if (a) {} else if (b) {} return a && b || c; }\nconst g = x => x ?? 1\nconst h = async (x) => { for (const y of x) {} }\n", 3, 5, 9)]
    [InlineData("JavaScript", "class A { constructor() { super(); } get x() { return 1; } static async *delete(y) { while (y) {} } #p() {} }\nfoo(a)\nif (b) {}\n", 4, 2, 5)]
    [InlineData("JavaScript", "const o = { f(x) { return /if (a) {/.test(x) ? `${x ? 1 : 2}` : 3; }, if: 1, g: function () {} };\nnew A(1)\n", 2, 3, 4)]
    [InlineData("JavaScript", "a = b ? () => c : () => d && e\nf(x => x || y, z => z)\n", 4, 2, 6)]
    [InlineData("TypeScript", "type F = (a: string) => void;\ninterface I { f(x: (y: T) => U): void; g?: () => void }\nfunction f(cb: (e: Error) => void, x?: number): { a: T } { return x ? 1 : 2 }\nconst g: (a: T) => U = (a: T): U => a;\n", 2, 2, 3)]
    [InlineData("TypeScript", "class A<T extends (x: T) => any> { p: () => void = () => {}; m<U>(x: Map<A, () => B>): U { return x!; } abstract n(): void; }\n", 2, 1, 2)]
    [InlineData("Go", "import (\n\t\"a\"\n\tb \"c\"\n)\ntype T struct { f func(int) int }\nfunc (t *T) F(x map[string]interface{}) (a int, err error) {\n\tfor i := range x {\n\t\tif i != nil && a > 1 {\n\t\t}\n\t}\n\tgo func() {}()\n}\nfunc G() interface{} { switch x { case 1: default: } }\n", 3, 4, 7)]
    [InlineData("Rust", "fn f<T>(x: T) -> R<T> where T: A {\n    let y = g(x)?;\n    match y { A => 1, B | C => 2, _ => 3 };\n    z.map(|| 1).or(|a| a || b);\n    while let Some(_) = &&q {}\n}\ntrait T { fn g(&self); }\n", 1, 6, 6)]
    [InlineData("Kotlin", "fun f(x: Int?): Int = x ?: 1\nclass A(val b: Int) {\n    fun g() {\n        when (b) { 1 -> 2\n            3 -> 4\n            else -> 5 }\n        list.map { y -> if (y) 1 else 2 }\n    }\n    val c: Int\n        get() { return 1 }\n}\n", 3, 4, 7)]
    [InlineData("Scala", "object A {\n  def f(x: Int) = x match {\n    case 1 => 2\n    case _ => 3\n  }\n  def g: Int\n  def h(x: Int): Int = {\n    if (x > 1 && y) 1 else 2\n  }\n}\n", 2, 3, 6)]
    [InlineData("Swift", "class A: B {\n  init?(x: Int) { guard let y = x else { return } }\n  func f(for x: Int?) -> Int { return x ?? (y ? 1 : 2) }\n  var z: Int { get { 1 } set { } }\n}\nprotocol P {\n  func g()\n  var h: Int { get }\n}\n", 4, 3, 7)]
    [InlineData("PHP", "<p>if</p><?php\nuse A\\B;\nabstract class C { use T;\n  public function f(?int $if): ?int { foreach ($a as $b) { if ($b and $c) {} } return $x?->y ?? 1; }\n  abstract function g();\n}\n$h = fn($x) => $x ? 1 : 2;\n$m = function () use ($z) { return match ($z) { 1 => 2, 3 => 4, default => 5 }; };\n", 3, 5, 10)]
    [InlineData("Perl", "package A;\nuse strict;\nsub f($x) { return $if unless $x; my %h = (if => 1); $h->{x} ? 1 : 2; }\nmy $g = sub { 1 || 2 };\nsub h;\n", 2, 3, 5)]
    [InlineData("R", "f <- function(x, y = 1) {\n  if (x && y) ifelse(x, 1, 2)\n}\ng <- function(x) x + 1\nh <- lapply(x, \\(z) z | 1)\n", 3, 4, 7)]
    [InlineData("Shell", "f() {\n  if [ -n \"$x\" ] && true; then echo if; fi\n  case $x in\n    a) b ;;\n    *) c ;;\n  esac\n}\nfunction g { for i in 1 2; do :; done; }\nh() ( true )\n", 3, 5, 8)]
    [InlineData("Python", "import a\nfrom b import c\nclass A:\n    def f(self, x=1 if y else 2):\n        '''if while'''\n        def g():\n            return [z for z in x if z or y]\n        try:\n            pass\n        except E:\n            pass\n        finally:\n            pass\n        return lambda q: q and 1\n\nif x:\n    pass\n", 2, 5, 9)]
    [InlineData("Python", "async def f(x):\n    match x:\n        case [1, 2]:\n            pass\n        case _ if x:\n            pass\n    case = 1\n    return f'{1 if x else 2} if'\n", 1, 5, 5)]
    [InlineData("Python", "def f(x,\n  y):\n  return (x\nif y else 1)\ndef g(): pass\n", 2, 2, 3)]
    [InlineData("Ruby", "require 'a'\nmodule A\n  class B < C\n    def f?(x)\n      return 1 if x.empty? && y\n      while x do z end\n      a = if x then 1 else 2 end\n      x ? 1 : 2\n    end\n    def self.g = 1\n    def h\n      [1].each do |i| puts i unless i end\n    end\n  end\nend\n", 3, 6, 9)]
    [InlineData("Lua", "local a = require('b')\nlocal function f(x)\n  if x and y then return 1 elseif z then return 2 end\n  repeat x = x - 1 until x < 0\n  for i = 1, 2 do g(function() while true do end end) end\nend\n", 2, 6, 8)]
    public void Complexity_is_what_a_hand_counts(string language, string text, int functions, int max, long total)
    {
        var found = Of(language, text);
        Assert.Equal((functions, max, total), (found.Functions, found.MaxComplexity, found.TotalComplexity));
    }

    [Theory]
    [InlineData("C", "#include <a.h>\n# include \"b.h\"\nstruct s { int a; } x;\nstruct s *y;\nenum { A };\nunion u f(void) { }\n", 2, 2)]
    [InlineData("C++", "template <class T> struct A;\ntemplate <typename T> struct A<T> { class B { }; };\nenum class C : int { D };\n", 3, 0)]
    [InlineData("Java", "import a.B;\nimport static c.D;\nrecord R(int x) { }\npublic @interface I { }\nclass A { Class<?> c = A.class; }\n", 3, 2)]
    [InlineData("C#", "global using A;\nusing B = C;\nrecord struct R(int X);\nclass D<T> where T : class { void F() { using (x) { } using var y = z; } }\n", 2, 2)]
    [InlineData("TypeScript", "import a from 'b';\nconst c = require('d');\nimport('e');\nexport abstract class A {}\nenum B {}\ninterface C {}\n", 3, 2)]
    [InlineData("Go", "import \"a\"\nimport (\n\t\"b\"\n\t_ \"c\"\n)\ntype A struct { b map[string]struct{} }\ntype C interface { D() }\nvar s = \"x\"\n", 2, 3)]
    [InlineData("PHP", "<?php\nuse A;\nrequire_once 'b';\nclass C { use D; }\n$e = C::class;\ntrait F {}\n", 2, 2)]
    [InlineData("Python", "from a import (\n  b, import_c)\nclass D(E): pass\n    \n", 1, 1)]
    [InlineData("Ruby", "require_relative 'a'\nclass A; class << self; end; end\nx.class\n", 1, 1)]
    [InlineData("Kotlin", "import a.b\ndata class A(val b: Int)\nobject C\nval d = A::class\n", 2, 1)]
    public void Types_and_imports_are_counted(string language, string text, int classes, int imports)
    {
        var found = Of(language, text);
        Assert.Equal((classes, imports), (found.Classes, found.Imports));
    }

    [Fact]
    public void Languages_without_rules_have_no_structure()
    {
        var lexer = new Lexer();
        lexer.Count("if x"u8, "Markdown");
        Assert.Null(lexer.MeasureStructure("if x"u8, "Markdown"));
        Assert.Null(Of("C", "int x;").MeanComplexity);
        Assert.Equal(1.5, Of("C", "int f() { if (x) {} } int g() {}").MeanComplexity);
    }
}
