namespace Stackmill.Core.Model;

/// <summary>One place where a value was replaced. It never holds the value.</summary>
/// <param name="Kind">What was found: <c>email</c>, <c>key</c>, <c>ssn</c>, <c>credit_card</c>, <c>phone</c>, <c>ip_address</c>.</param>
/// <param name="Rule">Id of the rule that found it, e.g. <c>aws-access-key-id</c>.</param>
/// <param name="Start">Offset of the first character, in Unicode code points (of the text that the holder of this record names).</param>
/// <param name="Length">Length in Unicode code points.</param>
public readonly record struct Redaction(string Kind, string Rule, int Start, int Length);
