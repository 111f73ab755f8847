using System.Collections.Frozen;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// The top-level domains that an address may end with: all two-letter country codes that IANA delegates, the generic ones
/// that people use, and the reserved names of RFC 2606. Names that are chiefly file extensions (zip, mov) are left out.
/// </summary>
internal static class TopLevelDomains
{
    private const int Longest = 15;

    private const string Countries =
        "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz " +
        "de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it " +
        "je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz " +
        "om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz " +
        "ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

    private const string Generic =
        "com net org edu gov mil int info biz name pro aero coop museum mobi travel jobs tel cat asia post arpa " +
        "app dev cloud online site store tech xyz top shop blog club live life world email page space website link network digital agency company solutions services systems " +
        "software group team studio design media news today academy center education university institute foundation health care engineering technology international global " +
        "consulting computer codes works tools tips wiki zone chat social games game art music film photo photography moe love fun cool ninja rocks guru expert community events " +
        "finance financial bank capital money fund insurance legal law lawyer tax accountant doctor dental hospital clinic fitness food restaurant cafe bar pub beer wine pizza " +
        "berlin london paris nyc tokyo amsterdam wien hamburg koeln vegas boston miami sydney melbourne africa scot wales irish quebec " +
        "google microsoft apple amazon aws ibm cern sap bmw audi sony toyota honda ericsson cisco dell " +
        "ltd llc gmbh inc one plus vip win work run red blue pink black green gold eco earth energy solar farm garden house homes land city town family dad kids " +
        "science research science school college training courses press ink review report directory support help guide video audio radio show tube stream hosting host server domains " +
        "test example invalid localhost local internal corp lan onion";

    private static readonly FrozenSet<string> All = Countries.Split(' ').Concat(Generic.Split(' ')).ToFrozenSet();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = All.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>True for a known top-level domain in any case, and for internationalised ones in ASCII form (<c>xn--…</c>).</summary>
    public static bool Contains(ReadOnlySpan<byte> label)
    {
        if (label.Length < 2)
            return false;
        if (label.Length > 6 && label.StartsWith("xn--"u8))
            return true;
        if (label.Length > Longest)
            return false;
        Span<char> lower = stackalloc char[Longest];
        for (int i = 0; i < label.Length; i++)
            lower[i] = char.ToLowerInvariant((char)label[i]);
        return Lookup.Contains(lower[..label.Length]);
    }
}
