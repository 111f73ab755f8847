namespace Stackmill.Preprocess.Redact;

/// <summary>One replaced stretch. It never holds the value.</summary>
/// <param name="Kind">What was found: <c>email</c>, <c>key</c>, <c>ssn</c>, <c>credit_card</c>, <c>phone</c>, <c>ip_address</c>.</param>
/// <param name="Rule">Id of the rule that found it.</param>
/// <param name="Start">First byte in the given text.</param>
/// <param name="Length">Bytes in the given text.</param>
/// <param name="PlaceholderStart">First byte of the placeholder in the new text; 0 after <see cref="Redactor.Find"/>.</param>
/// <param name="PlaceholderLength">Bytes of the placeholder in the new text; 0 after <see cref="Redactor.Find"/>.</param>
internal readonly record struct Match(string Kind, string Rule, int Start, int Length, int PlaceholderStart, int PlaceholderLength);
