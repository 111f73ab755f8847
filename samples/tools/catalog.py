"""What is known of a planted file, and the list that the modules beside this one fill."""

import base64
import hashlib

# Language by extension, for the extensions that the corpus uses.
LANGUAGES = {
    ".py": "Python", ".java": "Java", ".cpp": "C++", ".hpp": "C++", ".js": "JavaScript", ".c": "C", ".ts": "TypeScript",
    ".go": "Go", ".rs": "Rust", ".cs": "C#", ".rb": "Ruby", ".php": "PHP", ".sh": "Shell", ".sql": "SQL", ".html": "HTML",
    ".css": "CSS", ".md": "Markdown", ".json": "JSON", ".yaml": "YAML",
}

PLANTED = []


def plant(path, data, kind, flaw, *, stage="corpus", reason=None, encoding="utf-8", also=(), redactions=None, contains=(),
          lacks=(), link=None, same=None, near=None, valid=True):
    """Adds one file.

    data: text (encoded by the caller's word ``encoding``) or bytes; None with a link.
    kind: the family of the flaw, by which the table for people is ordered.
    also: other encoding names that are as right (their tables agree on every byte used).
    same: name of the group of exact copies that it belongs to.
    near: path of the file whose similarity is stated.
    valid: False where the file is not meant to parse.
    """
    if isinstance(data, str):
        data = data.encode(encoding)
    PLANTED.append(dict(path=path, data=data, kind=kind, flaw=flaw, stage=stage, reason=reason, encoding=encoding, also=also,
                        redactions=redactions or {}, contains=list(contains), lacks=list(lacks), link=link, same=same,
                        near=near, valid=valid))


def noise(seed, length, alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"):
    """Random-looking characters that depend on the seed only: bodies of keys that open nothing."""
    stream = b"".join(hashlib.sha256(f"{seed}/{block}".encode()).digest() for block in range(length // 16 + 1))
    return "".join(alphabet[byte % len(alphabet)] for byte in stream[:length])


def base64_noise(seed, length):
    stream = b"".join(hashlib.sha256(f"{seed}/{block}".encode()).digest() for block in range(length // 32 + 1))
    return base64.b64encode(stream[:length]).decode()
