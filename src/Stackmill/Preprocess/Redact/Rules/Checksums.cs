namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>The sums by which numbers of persons and accounts are checked. All take digits as ASCII, where they don't say otherwise.</summary>
internal static class Checksums
{
    private static readonly byte[] Dihedral =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7, 8, 9, 5, 6, 3, 4, 0, 1, 2, 8, 9, 5, 6, 7, 4, 0, 1, 2, 3, 9, 5, 6, 7, 8,
        5, 9, 8, 7, 6, 0, 4, 3, 2, 1, 6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2, 1, 0, 4, 3, 8, 7, 6, 5, 9, 3, 2, 1, 0, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static readonly byte[] Permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /// <summary>ISO/IEC 7812-1 annex B: every second digit from the right doubled, digit sums added, divisible by ten.</summary>
    public static bool Luhn(ReadOnlySpan<byte> digits)
    {
        int sum = 0;
        for (int i = digits.Length - 1, odd = 0; i >= 0; i--, odd ^= 1)
        {
            int digit = (digits[i] - '0') << odd;
            sum += digit > 9 ? digit - 9 : digit;
        }
        return sum % 10 == 0;
    }

    /// <summary>Verhoeff's check over the dihedral group of ten elements: it sees every single wrong digit and every swap of neighbours.</summary>
    public static bool Verhoeff(ReadOnlySpan<byte> digits)
    {
        int check = 0;
        for (int i = digits.Length - 1, position = 0; i >= 0; i--, position++)
        {
            int digit = digits[i] - '0';
            for (int times = position % 8; times > 0; times--)
                digit = Permutation[digit];
            check = Dihedral[(check * 10) + digit];
        }
        return check == 0;
    }

    /// <summary>ISO 7064 MOD 11,10.</summary>
    public static bool Mod11And10(ReadOnlySpan<byte> digits)
    {
        int product = 10;
        foreach (byte b in digits[..^1])
        {
            int sum = (b - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == digits[^1] - '0';
    }

    /// <summary>The remainder by a number below ten million.</summary>
    public static int Remainder(ReadOnlySpan<byte> digits, int divisor)
    {
        long rest = 0;
        foreach (byte b in digits)
            rest = ((rest * 10) + b - '0') % divisor;
        return (int)rest;
    }

    /// <summary>ISO 7064 MOD 97-10 of digits and upper-case letters, of which A counts 10.</summary>
    public static int Remainder97(ReadOnlySpan<byte> value, int rest = 0)
    {
        foreach (byte b in value)
            rest = Shapes.IsDigit(b) ? ((rest * 10) + b - '0') % 97 : ((rest * 100) + b - 'A' + 10) % 97;
        return rest;
    }

    /// <summary>Each digit times its weight, added.</summary>
    public static int Sum(ReadOnlySpan<byte> digits, ReadOnlySpan<byte> weights)
    {
        int sum = 0;
        for (int i = 0; i < weights.Length; i++)
            sum += (digits[i] - '0') * weights[i];
        return sum;
    }

    /// <summary>The number that digits make.</summary>
    public static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte b in digits)
            number = (number * 10) + b - '0';
        return number;
    }

    /// <summary>True when month and day can be; 29 February always can, as the century may be unknown.</summary>
    public static bool IsDay(int month, int day) =>
        month is >= 1 and <= 12 && day >= 1 && day <= month switch { 2 => 29, 4 or 6 or 9 or 11 => 30, _ => 31 };
}
