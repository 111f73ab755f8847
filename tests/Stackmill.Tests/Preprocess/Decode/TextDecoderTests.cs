using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Preprocess.Decode;

namespace Stackmill.Tests.Preprocess.Decode;

public sealed class TextDecoderTests
{
    static TextDecoderTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("22C08022")]
    [InlineData("22EDA0BDEDB88022")]
    [InlineData("C3A920EDA0BDEDB880")]
    public void Modified_UTF8_is_no_legacy_encoding(string hex) => Assert.Equal(DecodeKind.Undecodable, Decode(Convert.FromHexString(hex)).Found.Kind);

    private static (Decoded Found, string Text) Decode(ReadOnlySpan<byte> raw, string? declared = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var found = new TextDecoder().Decode(raw, declared, output);
        if (found.Kind != DecodeKind.Transcoded)
            Assert.Equal(0, output.WrittenCount);
        var text = found.Kind switch
        {
            DecodeKind.Utf8 => Encoding.UTF8.GetString(raw[found.Offset..]),
            DecodeKind.Transcoded => Encoding.UTF8.GetString(output.WrittenSpan),
            _ => "",
        };
        return (found, text);
    }

    private static byte[] Encode(string text, int codePage)
    {
        var encoding = Encoding.GetEncoding(codePage, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        return encoding.GetBytes(text);
    }

    public static TheoryData<int, string, string> LegacyTexts() => new()
    {
        { 28591, "iso-8859-1", "// café" },
        { 28591, "iso-8859-1", "int x; // naïve façade, déjà vu\n" },
        { 28591, "iso-8859-1", "/* Größe in Bytes, für alle Schlüssel */\nsize_t n;\n" },
        { 28591, "iso-8859-1", "# Función que añade un número\ndef f(n):\n    return n + 1\n" },
        { 28591, "iso-8859-1", "# Configuração não encontrada\n" },
        { 28591, "iso-8859-1", "; Copyright © 1998 Bjørn Hansen, Århus\n" },
        { 28591, "iso-8859-1", "author = \"José\"\n" },
        { 28591, "iso-8859-1", "// Käyttäjän nimi ei kelpaa\n" },
        { 28591, "iso-8859-1", "angle = 90; // 90° ± 2\n" },
        { 1252, "windows-1252", "// Don’t “quote” me – really…\n" },
        { 1252, "windows-1252", "price = 5; // 5 € pro Stück\n" },
        { 28605, "iso-8859-15", "/* Prix en € : le cœur de l'été, œuvre complète */\n" },
        { 1250, "windows-1250", "// Zażółć gęślą jaźń\n" },
        { 1250, "windows-1250", "# Wczytuje plik i sprawdza, czy ścieżka jest właściwa\nx = 1\n" },
        { 1250, "windows-1250", "/* Příliš žluťoučký kůň úpěl ďábelské ódy */\n" },
        { 28592, "iso-8859-2", "// Zażółć gęślą jaźń\n" },
        { 28592, "iso-8859-2", "# Nastavení proměnné: řetězec může být prázdný, šířka ťuká\n" },
        { 28592, "windows-1250", "// Ellenőrzi, hogy az űrlap érvényes-e\n" },
        { 1251, "windows-1251", "// Привет, мир\n" },
        { 1251, "windows-1251", "x = 1  # проверка значения\n" },
        { 1251, "windows-1251", "/* Функция вычисляет сумму элементов массива */\nint sum(int *a, int n);\n" },
        { 20866, "koi8-r", "// Привет, мир\n" },
        { 20866, "koi8-r", "# Открываем файл и читаем строки\nwith open(f) as g:\n    pass\n" },
        { 866, "ibm866", "{ Программа вычисляет корни квадратного уравнения }\nbegin end.\n" },
        { 1253, "windows-1253", "// Αυτή η συνάρτηση επιστρέφει το άθροισμα\n" },
        { 28597, "iso-8859-7", "# Άνοιγμα αρχείου και ανάγνωση\n" },
        { 1254, "iso-8859-9", "// Bu fonksiyon değişkenleri sıralar ve sonucu döndürür\n" },
        { 932, "shift_jis", "// ファイルを開く\n" },
        { 932, "shift_jis", "int n; /* 文字列の長さを返す関数です。表示する */\n" },
        { 51932, "euc-jp", "# ユーザーの名前を取得する\n" },
        { 51932, "euc-jp", "/* 文字列の長さを返す関数です */\n" },
        { 54936, "gb18030", "// 你好，世界\n" },
        { 54936, "gb18030", "x = 1  # 打开文件并读取数据\n" },
        { 950, "big5", "// 開啟檔案並讀取資料\n" },
        { 950, "big5", "/* 這個函式傳回字串的長度 */\n" },
        { 855, "ibm855", "// Функция вычисляет сумму элементов массива\n" },
        { 10007, "x-mac-cyrillic", "# Открываем файл и читаем строки\n" },
        { 21866, "koi8-u", "# Зчитує рядки з файлу і повертає їх кількість\n" },
        { 28595, "iso-8859-5", "// Проверяем, что значение не пустое\n" },
        { 10000, "macintosh", "// Vérifie que la clé n'est pas déjà utilisée\n" },
        { 1255, "windows-1255", "// הפונקציה מחזירה את מספר השורות\n" },
        { 1256, "windows-1256", "// هذه الدالة تعيد عدد الأسطر في الملف\n" },
        { 1257, "windows-1257", "// Patikrina, ar žodis yra sąraše, ir grąžina eilutę\n" },
        { 874, "tis-620", "// ฟังก์ชันนี้คืนค่าจำนวนบรรทัดในแฟ้ม\n" },
        { 1361, "johab", "// 파일을 열고 데이터를 읽습니다\n" },
        { 949, "euc-kr", "// 파일을 열고 데이터를 읽습니다\n" },
        { 949, "euc-kr", "int n; /* 사용자 이름 */\n" },
    };

    [Theory]
    [MemberData(nameof(LegacyTexts))]
    public void A_short_comment_in_a_legacy_encoding_is_read_right(int codePage, string name, string text)
    {
        var (found, decoded) = Decode(Encode(text, codePage));
        Assert.Equal(text, decoded);
        Assert.Equal(DecodeKind.Transcoded, found.Kind);
        Assert.Equal(name, found.EncodingName);
        Assert.False(found.HasBom);
        Assert.InRange(found.Confidence, 0.3, 1);
    }

    [Theory]
    [MemberData(nameof(LegacyTexts))]
    public void A_comment_amid_much_ascii_code_is_read_right(int codePage, string name, string text)
    {
        var code = string.Concat(Enumerable.Range(0, 300).Select(i => $"    if (value[{i}] > limit) total += f(value[{i}]);\n"));
        var whole = code + text + "\n" + code;
        var (found, decoded) = Decode(Encode(whole, codePage));
        Assert.Equal(whole, decoded);
        Assert.Equal(name, found.EncodingName);
    }

    [Theory]
    [InlineData("utf-8", 65001, 3)]
    [InlineData("utf-16le", 1200, 2)]
    [InlineData("utf-16be", 1201, 2)]
    [InlineData("utf-32le", 12000, 4)]
    [InlineData("utf-32be", 12001, 4)]
    public void Any_text_with_a_byte_order_mark_round_trips(string name, int codePage, int markLength)
    {
        var encoding = Encoding.GetEncoding(codePage);
        Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 60].Sample(text =>
        {
            byte[] raw = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
            if (name == "utf-8" && text.Count(char.IsControl) > 3)
                return;
            var (found, decoded) = Decode(raw);
            Assert.Equal(markLength, encoding.GetPreamble().Length);
            Assert.Equal(text, decoded);
            Assert.Equal(name, found.EncodingName);
            Assert.True(found.HasBom);
        });
    }

    [Theory]
    [InlineData("utf-16le", 1200)]
    [InlineData("utf-16be", 1201)]
    [InlineData("utf-32le", 12000)]
    [InlineData("utf-32be", 12001)]
    public void Wide_text_without_a_byte_order_mark_is_recognised(string name, int codePage)
    {
        string[] texts = ["int main() { return 0; }\n", "x = 'żółć 😀'\r\n", "// Привет, мир: это проверка\nint x = 1;\n", "# 打开文件\nopen(f)\n"];
        foreach (var text in texts)
        {
            var (found, decoded) = Decode(Encoding.GetEncoding(codePage).GetBytes(text));
            Assert.Equal(text, decoded);
            Assert.Equal(name, found.EncodingName);
            Assert.False(found.HasBom);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("\n")]
    [InlineData("MZ is no program\n")]
    [InlineData("PK: primary key\n")]
    [InlineData("BM = 1\n")]
    [InlineData("GIF files\n")]
    [InlineData("%PDF is a comment here\n")]
    [InlineData("\u001b[31mred\u001b[0m\n")]
    [InlineData("zażółć gęślą jaźń 😀\n")]
    [InlineData("one stray \0 NUL\n")]
    public void Utf8_text_is_given_as_it_is(string text)
    {
        var (found, decoded) = Decode(Encoding.UTF8.GetBytes(text));
        Assert.Equal(new Decoded(DecodeKind.Utf8, "utf-8", false, 0, 1), found);
        Assert.Equal(text, decoded);
    }

    public static TheoryData<string, byte[]> Binaries() => new()
    {
        { "ELF", [0x7F, .. "ELF\x02\x01\x01\0"u8] },
        { "PE", [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0, .. new byte[80]] },
        { "class file", [0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61] },
        { "zip", [.. "PK\x03\x04"u8, 20, 0] },
        { "gzip", [0x1F, 0x8B, 8, 0] },
        { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 4] },
        { "PNG", [0x89, .. "PNG\r\n\x1A\n"u8] },
        { "JPEG", [0xFF, 0xD8, 0xFF, 0xE0] },
        { "GIF", [.. "GIF89a"u8, 1, 0] },
        { "PDF", [.. "%PDF-1.4\n%text only\n"u8] },
        { "wasm", [0, .. "asm\x01\0\0\0"u8] },
        { "SQLite", [.. "SQLite format 3\0"u8] },
        { "Parquet", [.. "PAR1\x15\x04"u8] },
        { "Python 3.11 bytecode", [0xA7, 0x0D, 0x0D, 0x0A, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8] },
        { "small numbers", [.. Enumerable.Range(0, 400).SelectMany(i => BitConverter.GetBytes(i % 19))] },
        { "short numbers", [.. Enumerable.Range(0, 400).SelectMany(i => BitConverter.GetBytes((short)(i % 300)))] },
    };

    [Theory]
    [MemberData(nameof(Binaries))]
    public void Binary_data_is_called_binary(string what, byte[] raw)
    {
        Assert.NotEmpty(what);
        Assert.Equal(DecodeKind.Binary, Decode(raw).Found.Kind);
    }

    /// <remarks>
    /// Of short files it is true but for chance: one in some ten thousand of 64 to 128 random bytes reads as text. The
    /// bytes are the same in every run, so that the bound is a property of the decoder and not of the day.
    /// </remarks>
    [Theory]
    [InlineData(64, 128, 20)]
    [InlineData(129, 2000, 0)]
    public void Random_bytes_are_not_text(int shortest, int longest, int mostInHundredThousand)
    {
        var random = new Random(20261126);
        var taken = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var raw = new byte[random.Next(shortest, longest + 1)];
            random.NextBytes(raw);
            if (Decode(raw).Found.Kind is not (DecodeKind.Binary or DecodeKind.Undecodable))
                taken++;
        }

        Assert.InRange(taken, 0, mostInHundredThousand);
    }

    [Fact]
    public void Bytes_of_any_kind_never_crash_and_what_is_decoded_encodes_back()
    {
        Gen.Byte.Array[0, 300].Sample(raw =>
        {
            var (found, text) = Decode(raw, "windows-1250");
            Assert.InRange(found.Confidence, 0, 1);
            if (found.Kind == DecodeKind.Transcoded && !found.HasBom)
                Assert.Equal(raw, (LegacyEncoding.Find(found.EncodingName)?.Encoding ?? Encoding.GetEncoding(found.EncodingName)).GetBytes(text));
        });
    }

    [Theory]
    [InlineData("# zażółć gęślą jaźń\n")]
    [InlineData("// 打开文件并读取数据\nint x;\n")]
    [InlineData("// Привет, мир\n")]
    public void Damaged_utf8_is_undecodable(string text)
    {
        var whole = Encoding.UTF8.GetBytes(text);
        var last = Array.FindLastIndex(whole, b => b >= 0x80);
        Assert.Equal(DecodeKind.Undecodable, Decode(whole.AsSpan(0, last)).Found.Kind);
        byte[] spoilt = [.. whole, 0xFF, (byte)'\n'];
        Assert.Equal(DecodeKind.Undecodable, Decode(spoilt).Found.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Marked_utf16_with_half_a_pair_or_half_a_unit_is_undecodable(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        byte[] half = bigEndian ? [0xD8, 0x3D] : [0x3D, 0xD8];
        byte[] cut = [.. encoding.Preamble, .. encoding.GetBytes("// cut "), .. half, .. encoding.GetBytes(" in two\nint x;\n")];
        Assert.Equal(DecodeKind.Undecodable, Decode(cut).Found.Kind);
        byte[] whole = [.. encoding.Preamble, .. encoding.GetBytes("// ends in the middle of a unit\n")];
        Assert.Equal(DecodeKind.Undecodable, Decode(whole.AsSpan(0, whole.Length - 1)).Found.Kind);
    }

    [Theory]
    [InlineData(28591)]
    [InlineData(1250)]
    [InlineData(1251)]
    public void Lines_in_two_encodings_are_undecodable(int codePage)
    {
        var word = codePage == 1251 ? "чтение" : "né";
        byte[] mixed = [.. Encoding.UTF8.GetBytes($"# {word} {word}\n"), .. Encode($"# {word}\n", codePage)];
        Assert.Equal(DecodeKind.Undecodable, Decode(mixed).Found.Kind);
    }

    [Theory]
    [InlineData("windows-1250")]
    [InlineData("CP1250")]
    public void The_declared_encoding_decides_a_doubtful_word(string declared)
    {
        var raw = Encode("// koń\n", 1250);
        Assert.Equal("// koń\n", Decode(raw, declared).Text);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("no-such-encoding")]
    [InlineData("windows-1252")]
    [InlineData("")]
    public void A_wrong_declaration_does_no_harm(string declared)
    {
        var text = "// Открываем файл и читаем строки\n";
        Assert.Equal(text, Decode(Encode(text, 1251), declared).Text);
    }

    [Fact]
    public void A_long_stretch_without_ascii_is_read_right()
    {
        var text = string.Concat(Enumerable.Repeat("打开文件并读取数据，然后返回结果。", 700));
        Assert.Equal(text, Decode(Encode(text, 54936)).Text);
    }

    [Fact]
    public void Cut_and_spliced_legacy_texts_never_crash_and_encode_back()
    {
        var texts = LegacyTexts().Select(t => Encode(t.Data.Item3, t.Data.Item1)).ToArray();
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Int[0, texts.Length - 1], Gen.Int[0, 60], Gen.Int[0, 60]).Sample((one, other, cut, from) =>
        {
            byte[] raw = [.. texts[one].AsSpan(0, Math.Min(cut, texts[one].Length)), .. texts[other].AsSpan(Math.Min(from, texts[other].Length))];
            var (found, text) = Decode(raw);
            if (found.Kind == DecodeKind.Transcoded)
                Assert.Equal(raw, (LegacyEncoding.Find(found.EncodingName)?.Encoding ?? Encoding.GetEncoding(found.EncodingName)).GetBytes(text));
        });
    }

    [Theory]
    [InlineData("// 是否事件方塊中攔截事件的視窗要覆蓋在子視窗元件之上\n")]
    [InlineData("# การแตกข้อมูลควบคุมของแพกเกจ\n")]
    [InlineData("% このアクションを表すウィジェットに表示される\n")]
    public void Wide_text_with_hardly_any_ascii_is_recognised(string text)
    {
        Assert.Equal(text, Decode(Encoding.Unicode.GetBytes(text)).Text);
        Assert.Equal(text, Decode(Encoding.BigEndianUnicode.GetBytes(text)).Text);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding=\"iso-8859-16\"?>\n<a>secțiune</a>\n", "iso-8859-16")]
    [InlineData("# vim: set fileencoding=iso-8859-10 :\n# Šelen\n", "iso-8859-10")]
    public void A_file_is_read_as_it_declares_where_its_bytes_allow_several_readings(string text, string name)
    {
        var (found, decoded) = Decode(LegacyEncoding.Find(name)!.Encoding.GetBytes(text));
        Assert.Equal((name, text), (found.EncodingName, decoded));
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("shift_jis")]
    [InlineData("utf-8")]
    public void A_declaration_that_the_bytes_refute_is_not_believed(string declared)
    {
        var text = $"# vim: set fileencoding={declared} :\n# Открываем файл и читаем строки\n";
        Assert.Equal(text, Decode(Encode(text, 1251)).Text);
    }

    [Fact]
    public void The_output_is_appended_to()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("before "u8);
        new TextDecoder().Decode(Encode("// café", 28591), null, output);
        Assert.Equal("before // café", Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
