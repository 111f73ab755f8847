"""Who is told when the books do not balance."""

# Questions: petra.neumann@books.example.org, or in her absence jan+ledger@example.net.
RECIPIENTS = ["petra.neumann@books.example.org", "audit-team@example.com"]
FALLBACK = "Petra Neumann <petra.neumann@books.example.org>"


def recipients_for(severity):
    if severity >= 3:
        return RECIPIENTS + ["night.shift@ops.example.net"]
    return RECIPIENTS[:1]
