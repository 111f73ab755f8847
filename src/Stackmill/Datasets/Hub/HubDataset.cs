namespace Stackmill.Datasets.Hub;

/// <summary>A dataset of the Hub at one commit.</summary>
internal sealed record HubDataset
{
    /// <summary><c>owner/name</c> as the Hub writes it now.</summary>
    public required string Id { get; init; }

    /// <summary>The name that was asked for.</summary>
    public required string RequestedId { get; init; }

    /// <summary>Branch, tag or commit that was asked for.</summary>
    public required string Revision { get; init; }

    /// <summary>The commit it stood at: 40 hexadecimal digits.</summary>
    public required string Commit { get; init; }

    /// <summary>True if its terms must be accepted before its files can be read.</summary>
    public bool IsGated { get; init; }

    /// <summary>True if only some accounts see it.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>True if it has moved: the caller tells the user the new name.</summary>
    public bool IsRenamed => !Id.Equals(RequestedId, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Who a token belongs to.</summary>
/// <param name="Name">Name of the account.</param>
/// <param name="Kind"><c>user</c> or <c>org</c>.</param>
/// <param name="Role">What the token may do (<c>read</c>, <c>write</c>, <c>fineGrained</c>), where the Hub tells.</param>
internal sealed record HubAccount(string Name, string Kind, string? Role);
