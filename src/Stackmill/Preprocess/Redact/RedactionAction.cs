namespace Stackmill.Preprocess.Redact;

/// <summary>What becomes of a find.</summary>
internal enum RedactionAction : byte
{
    /// <summary>It is replaced.</summary>
    Replace,

    /// <summary>It stays, and is written down.</summary>
    Annotate,

    /// <summary>The file that has it is dropped.</summary>
    DropFile,
}
