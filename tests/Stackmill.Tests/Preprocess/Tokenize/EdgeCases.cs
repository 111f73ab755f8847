namespace Stackmill.Tests.Preprocess.Tokenize;

/// <summary>Texts at the corners of the patterns. None has a special token's name.</summary>
internal static class EdgeCases
{
    /// <summary>Nothing beyond U+FFFF and no long s, so the library is an oracle.</summary>
    public static readonly string[] Basic =
    [
        "", "a", "A", " ", "  ", "\n", "\r", "\r\n", "\t", "'", "''", "1", "0", "\0", "\0\0", "a\0b",
        "it's", "IT'S", "It'S", "we'll we'LL we'Ll", "you've they're I'm he'd don't", "don'T'S", "'s", "'st", "'sx", " 's", "''s", "'ll", "'l", "'lx", "'r", "'v",
        "'re", "'rE", "a'", "a'x", "x's's's", "ABC's", "ABC'LL", "x1's", "漢's", "é's", "!'s", "\u0301's", "a\u0301's", "can't've", "a'\u00e9", "'\u00c5", "O'Neill's",
        "get_element_by_id", "getElementById", "HTMLParser", "XMLHttpRequest2", "camelCaseABCdef", "SCREAMING_SNAKE_CASE", "A1b2C3", "iPhone", "McDonald", "ÀÉÎõü",
        "ÀbÇd", "ABCÉ", "éABC", " ÉABC", "aÉ", "AéB", "ABCd", "ǅABC", "ǅabc", "ABǅ", "aǅb", "ʰABC", "ABʰ", "ABʰC", "ABʰCD!", "aʰB", "漢ABC", "ABC漢", "ABC漢DEF", "ABC漢DEFg", "漢字かな交じり文",
        "中文字符，标点。", "한국어 텍스트", "日本語のテキスト、カタカナ。", "Привет, мир!", "ПРИВЕТ мир", "Γειά σου Κόσμε", "שלום עולם", "مرحبا بالعالم", "العَرَبِيَّة", "हिन्दी में", "ไทยภาษา", "தமிழ்",
        "\u0301", "\u0301\u0301", "\u0301A", "\u0301AB", "\u0301AB ", "\u0301ABc", "\u0301a", " \u0301", " \u0301A", " \u0301ABC ", "!\u0301", "!\u0301A", "!!\u0301A", "a\u0301b", "A\u0301B", "A\u0301B!", "AB\u0301CD", "1\u0301", "\u0301'sA",
        "\n\u0301", "\u20DDA", "\u0903A", "\u0903\u20DDAB1", "e\u0301E\u0301",
        "1234567", "12 345 6789", "1.234,56", "3.14159e-10", "0xDEADBEEF", "٣٤٥٦", "１２３４", "Ⅷ½²³", "x²+y²", "1a2b", "12a", "²", "½½½½",
        "\r\n\r\n", "\n\n\n", "\r\r\n", "\n\r", "a\r\nb", "a \r\n b", "a\r\n\r\n  b", " \n", "\n ", "\n  ", " \n ", " \n x", "\n  x", "\t\tx", "\t x", " \tx", "  x", "   x", "x ", "x  ", "x   ", "x \n", "x \n ", "x\n\n ", "x \n \n y", "\n   ", "x\n   ", "x;\n       ", "x\n\n\t", "\n   x",
        "  \n  \n  z", "    return x;", "\n    return x;\n}\n", "if (a) {\n\t\treturn;\n\t}\n\n\n", "a  1", "a  !", "a \u00A0b", "\u00A0", "\u00A0\u00A0", "\u00A0\u00A0a", "\u3000漢", "a\u2003\u2003b", "\u2028", "a\u2028\u2029b", "\u0085", "a\u0085\u0085b", "\v\f", "a\v\fb", "\u1680x", "\u202F\u205Fy",
        "\u200B", "a\u200Bb", "\u200D", "\uFEFF#include", "\uFEFF", "\u180Ea", "\u001Cx", "\u001F", "\u007F", "a\u00ADb", "\uFFFD", "\uE000x",
        "!", "!!", " !", "  !", "!a", "!A", "!1", "! a", "!\n", "!\n\n", "!\r\n", "!\n/", "!/\n/\n", "//\n//\n", "/", "//", "/\n", "///a", "/* x */\n", "</div>\n/", "!\n ", "! \n", "#!/bin/sh\n", "/\r\n/\r\na", "\n/", "a/b/c", "a//\n/b", ");\n\n}", "=> {\r\n", "-----\n/-----", "!\n'\n",
        "☃", "☃☃", "☃a", "a☃", " ☃", "☃\n/", "\u2764\uFE0F", "a\uFE0F", "©", "…", "“quoted”", "—dash—", "€5", "№5", "ﬁ", "ß", "ẞ", "İı", "K", "\u212A's", "\u00AA\u00BA", "ĳĲ", "ﷺ", "ৎ", "〇", "々", "ー", "ゝ",
        "0123456789abcde", "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq", " abcdefghijklmn", " abcdefghijklmno", " abcdefghijklmnop", "ABCDEFGHIJKLMNOP", "ABCDEFGHIJKLMNo", "abcdefghijklmn's", "abcdefghijklmno's", "abcdefghijklmnop's", "abcdefghijklmné", "abcdefghijklmnoé",
        "abcdefghijklmn漢", "abcdefghijklmno漢", "ABCDEFGHIJKLMN\u0301", "ABCDEFGHIJKLMNO\u0301", "antidisestablishmentarianism", "pneumonoultramicroscopicsilicovolcanoconiosis",
        "d41d8cd98f00b204e9800998ecf8427e", "aGVsbG8gd29ybGQhIGhlbGxvIHdvcmxkISBoZWxsbyB3b3JsZCE=", "\\u0041\\x41\\n", "SELECT * FROM `t` WHERE id = '1';", "std::vector<std::pair<int, T*>>&&", "x+=1;y-=2;z<<=3", "a&&b||c", "$var->{key}", "@decorator\ndef f(*args, **kw):\n    '''doc'''\n    pass\n",
    ];

    /// <summary>Where the library, which matches on UTF-16 units and folds no long s, isn't what tiktoken does.</summary>
    public static readonly string[] BeyondLibrary =
    [
        "😀", "😀a", "😀A", " 😀a", "a😀", "!😀a", "😀😀", "😀\n/", "👩‍👩‍👧‍👦", "👩‍👩‍👧 family", "👍🏽!", "🇩🇪", "𝐀𝐁𝐂", "𝐀𝐚", "𝐚𝐀", "𝐀a", "A𝐚", "a𝐀", "𝐀's", "𠀀𠀁", "A𠀀B", "A𠀀B!", "𠀀ABC ", "𝟎𝟏𝟐𝟑", "1𝟐3𝟒",
        "𐐀𐐨", "𐒰𐓘", "🄰🄱", "\U0001E130a", "\U000E0100a", "\U000E0100A", "a\U000E0100B!", "\U0001D165A", "\U0010FFFF", "𐄇𐄈𐄉𐄊", "it'ſ", "'ſ", "IT'ſX", "!'ſ", "'ſſ", "漢'ſ", "𝐀'ſ", "<|endoftext|>", "a<|endofprompt|>b",
    ];

    /// <summary>Fragments that, in any order, meet at the corners.</summary>
    public static readonly string[] Alphabet =
    [
        "a", "b", "xyz", "S", "AB", "the", " the", "É", "é", "ǅ", "ʰ", "漢", "\u0301", "\u0903", "\u20DD", "1", "42", "٣", "Ⅷ", "½", " ", "  ", "    ", "\t", "\n", "\r", "\r\n", "\u00A0", "\u3000", "\u0085", "\u2028", "\v",
        "'", "'s", "'LL", "'Ve", "'t", "l", "/", "-", "_", "(", "=", "!", "\"", "\0", "\u200D", "\uFE0F", "\uFEFF", "☃", "İ", "ß", "ي", "ह",
    ];

    /// <summary>Fragments that only the reference understands.</summary>
    public static readonly string[] AlphabetBeyondLibrary = [.. Alphabet, "ſ", "'ſ", "😀", "👩‍👩‍👧", "𝐀", "𝐚", "𠀀", "𝟎", "\U000E0100", "\U0001E130"];
}
