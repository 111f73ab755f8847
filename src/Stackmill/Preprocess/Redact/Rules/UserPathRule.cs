using System.Buffers;
using System.Collections.Frozen;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// The user's name in the path of a home folder. Left are names that no person has to herself (user, runner, ubuntu …), variables
/// and patterns in the name's place, routes of web pages (<c>/home/profile</c>), and paths in the middle of others.
/// </summary>
internal static class UserPathRule
{
    private const int LongestName = 40;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create([.. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8, .. Enumerable.Range(0x80, 0x80).Select(b => (byte)b)]);

    private static readonly string[] HomeWords = ["home", "homedir", "home dir", "cd", "cwd", "dir", "folder", "directory", "homepath", "userprofile", "chdir", "getcwd", "expanduser", "ls", "mkdir", "chown", "usermod", "useradd", "sudo", "rsync", "scp", "root dir", "workdir", "bash", "profile"];

    private static readonly FrozenSet<string> Generic = (
        "user username users myusername devel firebird ftp httpd apache usr user1 user2 user_name user-name your-user your_user youruser yourname your_name your-name your-username your_username yourusername yourlogin you me myself someone somebody name myname my_name my-name " +
        "myuser my_user my-user theuser username1 runner runneradmin runneruser ubuntu root vagrant admin administrator node app apps application vscode public default jovyan ec2-user centos debian fedora alpine opc azureuser pi coder gitpod codespace " +
        "codespaces circleci travis jenkins appveyor vsts vssadministrator containeruser containeradministrator docker git gitlab-runner gitlab github builder build builds buildbot buildkite-agent worker agent ci deploy deployer developer dev devuser test tester testuser " +
        "testing guest foo bar baz foobar example sample demo shared all alluser home linuxbrew steam steamuser web www www-data wwwroot nginx nobody postgres mysql oracle redis hadoop spark airflow sandbox nonroot container service system local localuser student lib src bin " +
        "etc opt tmp var data project projects work workspace share documents downloads desktop config static assets images img js css api v1 index main login logout signup register profile settings about contact help news dashboard list detail details search " +
        "page pages view views account edit new create update delete show get info home.html index.html products product items cart orders feed tab tabs menu header footer content component components layout distutils cpython path to path-to some any xxx xxxx").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Generic.GetAlternateLookup<ReadOnlySpan<char>>();

    public static Rule Unix { get; } = new("home-path", RedactionKind.UserPath, "User's name in a home folder", RuleAnchor.Literal, static (rule, text, at, sink) => MatchUnix(rule, text, at, "/home/".Length, sink))
    {
        Specificity = 15,
        Literals = ["/home/"],
        Positives =
        [
            "'/home/«jdoe»/x.txt'", "PATH=/usr/bin:/home/«dkim»/bin", "-I/home/«olga»/include", "file:///home/«zoe»/x", "jane:x:1000:1000::/home/«jane»:/bin/bash", "HOME=/home/«kim»", "(/home/«j.roe-2»/a)", "\\n/home/«ann»/x",
        ],
        Negatives =
        [
            "/home/" + "user/x", "/home/" + "runner/work", "/home/$USER/x", "/home/${USER}/x", "/home/<name>/x", "/home/%s/x", "/home/*/x", "/home/{u}/x", "/home/" + "profile", "https://example.com/home/" + "jane/x", "./home/" + "jane/x", "~/home/" + "jane/x",
            "/home/", "/home/..", "/home/.cache/x", "a/home/" + "jane/x", "'/home/" + "overview'", "/home/" + "jane${x}/y", "/home/123/x", "/home/" + "ubuntu", "/home/" + "index.html/x",
        ],
    };

    public static Rule Mac { get; } = new("mac-home-path", RedactionKind.UserPath, "User's name in a home folder of macOS", RuleAnchor.Literal, static (rule, text, at, sink) => MatchUnix(rule, text, at, "/Users/".Length, sink))
    {
        Specificity = 15,
        Literals = ["/Users/"],
        Positives = ["\"/Users/«jroe»/src\"", "cd /Users/«s.kumar»", "/mnt/c/Users/«jane»/x", "/c/Users/«max»/x"],
        Negatives = ["/Users/Shared/x", "/Users/" + "username/x", "example.com/Users/" + "jane/x", "/Users/", "GET /Users/123 HTTP", "'/Users/" + "list'", "/Users/" + "runner/x", "api/Users/" + "jane/x", "/Users/$USER/x"],
    };

    public static Rule Windows { get; } = new("windows-home-path", RedactionKind.UserPath, "User's name in a home folder of Windows", RuleAnchor.LiteralAnyCase, MatchWindows)
    {
        Specificity = 16,
        Literals = [":\\users\\", ":\\\\users\\\\", ":/users/", "\\documents and settings\\"],
        Positives =
        [
            "C:\\Users\\«Jane»\\x", "\"C:\\\\Users\\\\«jdoe»\\\\x\"", "C:/Users/«bobby»/app", "C:\\Documents and Settings\\«Max Roe»\\Desktop", "c:\\users\\«mweber»", "'C:\\Users\\«Jane.Doe»'", "\"D:\\\\Documents and Settings\\\\«kim»\\\\x\"",
        ],
        Negatives = ["C:\\Users\\Public\\x", "C:\\Users\\%USERNAME%\\x", "C:\\Users\\<you>\\x", "C:\\Users\\" + "user\\x", "C:\\\\Users\\\\Default\\\\x", "C:\\Users\\", "C:\\Users\\$env:USERNAME\\x", "C:\\Users\\All Users\\x", "C:\\Documents and Settings\\All Users\\x"],
    };

    private static void MatchUnix(Rule rule, ReadOnlySpan<byte> text, int at, int length, CandidateSink sink)
    {
        if (!IsRoot(text, at))
            return;
        int start = at + length;
        int end = start + Shapes.Run(text, start, NameBytes, LongestName + 1);
        sink.Count(end - at);
        if (Shapes.At(text, end) == '/')
        {
            if (IsName(text[start..end], text, end))
                sink.Add(rule, start, end);
            return;
        }
        // The end of a sentence is no part of the name.
        while (end > start && text[end - 1] is (byte)'.' or (byte)'-')
            end--;
        if (!IsPage(text[start..end]) && IsName(text[start..end], text, end) && (Shapes.At(text, at - 1) == ':' || ContextWords.Near(text, at, HomeWords, 32)))
            sink.Add(rule, start, end);
    }

    private static void MatchWindows(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (text[at] == ':' && !Shapes.IsLetter(Shapes.At(text, at - 1)))
            return;
        int start = at + 1;
        // Over the folder's name and what separates it.
        while (Shapes.IsLetter(Shapes.At(text, start)) || Shapes.At(text, start) is (byte)' ' or (byte)'\\' or (byte)'/')
        {
            start++;
            if (text[start - 1] is (byte)'\\' or (byte)'/' && Shapes.At(text, start) is not ((byte)'\\' or (byte)'/') && start - at > 5)
                break;
        }
        int end = start + Shapes.Run(text, start, NameBytes, LongestName + 1);
        // Names of Windows may have blanks; only what a separator follows shows where they end.
        int further = end;
        for (int words = 0; words < 3 && Shapes.At(text, further) == ' '; words++)
        {
            further += 1 + Shapes.Run(text, further + 1, NameBytes, LongestName);
            if (Shapes.At(text, further) == '\\')
                end = further;
        }
        sink.Count(further - at);
        while (end > start && text[end - 1] == '.')
            end--;
        if (IsName(text[start..end], text, end))
            sink.Add(rule, start, end);
    }

    // The root of a file system, not a folder or a page below another one.
    private static bool IsRoot(ReadOnlySpan<byte> text, int at)
    {
        byte before = Shapes.At(text, at - 1);
        if (before == '/')
            return text[..at].EndsWith("file://"u8);
        if (before is (byte)'.' or (byte)'~' or (byte)'}' or (byte)')' or (byte)']' or (byte)'>' or (byte)'-' or (byte)'*' or (byte)'%' or (byte)'\\' or >= 0x80)
            return false;
        if (Shapes.StartsWord(text, at))
            return true;
        // A drive under Unix (/c/Users), a compiler's option (-I/home).
        byte second = Shapes.At(text, at - 2);
        return Shapes.IsLetter(before) && (second == '/' ? !Shapes.IsWord(Shapes.At(text, at - 3)) || text[..(at - 2)].EndsWith("mnt"u8) || text[..(at - 2)].EndsWith("cygdrive"u8)
            : second == '-' && before is (byte)'I' or (byte)'L' or (byte)'B' or (byte)'o');
    }

    // Of what is no folder, most have a name that a dot and an ending follow.
    private static bool IsPage(ReadOnlySpan<byte> name)
    {
        int dot = name.LastIndexOf((byte)'.');
        return dot >= 0 && (name.Length - dot < 4 || name[dot..].StartsWith(".htm"u8) || name[dot..].StartsWith(".js"u8) || name[dot..].StartsWith(".php"u8) || name[dot..].StartsWith(".css"u8)
            || name[dot..].StartsWith(".txt"u8) || name[dot..].StartsWith(".tsx"u8) || name[dot..].StartsWith(".jpg"u8) || name[dot..].StartsWith(".png"u8) || name[dot..].StartsWith(".vue"u8) || name[dot..].StartsWith(".aspx"u8));
    }

    private static bool IsName(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text, int end)
    {
        if (name.Length is < 2 or > LongestName || name[0] is (byte)'.' or (byte)'-' or (byte)'_' || Shapes.At(text, end) is (byte)'$' or (byte)'{' or (byte)'<' or (byte)'%' or (byte)'*' or (byte)'(' or (byte)'@' or (byte)'+' or (byte)'[' or (byte)'=')
            return false;
        if (name.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 || name.IndexOf("…"u8) >= 0 || name.IndexOf(".."u8) >= 0)
            return false;
        Span<char> lower = stackalloc char[name.Length];
        for (int i = 0; i < name.Length; i++)
            lower[i] = char.ToLowerInvariant((char)name[i]);
        return !Lookup.Contains(lower) && !lower.StartsWith("your") && lower is not "all users" && lower is not "default user";
    }
}
