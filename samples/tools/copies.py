"""Copies: the same bytes, the same text in other bytes, and near-duplicates at a stated similarity."""

import codecs

import plain
from catalog import plant
from shingles import blob_id, jaccard

# Subjects of the near-duplicates, beside those of the plain files.
VOUCHER = ("voucher", "vouchers", "face_value", "cents", "campaign", "redemptions", "expired")
SNOW_STAKE = ("snow_stake", "snow_stakes", "snow_height", "centimetres", "valley", "settling", "surveyed")
LOCK_CHAMBER = ("lock_chamber", "lock_chambers", "fill_level", "centimetres", "canal", "leakage", "drained")
REACTION = ("reaction", "reactions", "pressed", "presses", "glyph", "weight", "pinned")
PENSION = ("pension", "pensions", "yearly_sum", "euros", "insurer", "bonus_rate", "vested")

# Sentences that somebody added in a later version, one a comment line.
REMARKS = [
    "Kept apart from the reader so that tests can call it without a file",
    "The order matters here: callers rely on the first match being the oldest one",
    "Rounding happens at the very end because sums of rounded values drift",
    "An empty input is not an error, it merely gives an empty result",
    "This used to be a generator and was changed when results were needed twice",
    "Limits are inclusive at the lower end and exclusive at the upper end",
    "See the minutes of the design meeting for why negative values are refused",
    "Measured on a year of data, this branch is taken once in nine thousand times",
    "The name is historical, nobody dared to change it after the first release",
    "If this becomes slow, sort once at the beginning instead of every time",
    "Tested against the table that the old system printed every Monday morning",
    "Both sides have to agree on this rule, otherwise totals differ by one unit",
    "Do not replace the loop with a library call, which copies all elements",
    "The unit was settled with the team that writes the exporter last summer",
    "Whoever adds a field here should also extend the description above it",
    "A missing value is treated like zero, which is what the reports expect",
    "Callers must hold the lock while they walk over what this returns",
    "Values outside the range were seen only after the sensor had been replaced",
    "Two passes are cheaper than they look, since the data is in the cache by then",
    "The tie goes to the earlier one so that repeated runs agree with each other",
]


def _remarked(text, mark, spots, remarks):
    """The text with one remark before each of the first ``len(remarks)`` lines that ``spots`` picks."""
    waiting = list(remarks)
    lines = []
    for line in text.split("\n"):
        if waiting and spots(line):
            indent = line[:len(line) - len(line.lstrip())]
            lines.append(f"{indent}{mark} {waiting.pop(0)}.")
        lines.append(line)
    if waiting:
        raise SystemExit(f"{len(waiting)} remarks found no place")
    return "\n".join(lines)


def _tuned(text, mark, spots, remarks, low, high):
    """The variant with the fewest remarks whose similarity to the text is within the limits."""
    for count in range(1, len(remarks) + 1):
        variant = _remarked(text, mark, spots, remarks[:count])
        if low <= jaccard(text.encode(), variant.encode()) <= high:
            return variant
    raise SystemExit(f"no number of remarks gives a similarity from {low} to {high}")


def _python_spot(line):
    return line.startswith("    ") and line.rstrip().endswith((":", ")")) and not line.strip().startswith(("else", '"""', "except"))


def _brace_spot(line):
    return line.rstrip().endswith(";") and line.startswith("  ")


def _whole(language, subject):
    """A module with every block of its language."""
    blocks, make = {"python": (plain.PYTHON, plain.python_module), "java": (plain.JAVA, plain.java_module),
                    "cpp": (plain.CPP, plain.cpp_module), "javascript": (plain.JAVASCRIPT, plain.javascript_module)}[language]
    return make(0, subject, len(blocks))


def plant_all():
    _exact()
    _near()


def _exact():
    kind = "Exact copy"
    median = '''"""Median of unsorted numbers, without sorting all of them."""


def median_of(numbers):
    if not numbers:
        raise ValueError("no numbers, no median")
    middle = len(numbers) // 2
    below, pool = 0, list(numbers)
    while len(pool) > 1:
        pivot = pool[len(pool) // 2]
        smaller = [number for number in pool if number < pivot]
        equal = [number for number in pool if number == pivot]
        if below + len(smaller) > middle:
            pool = smaller
        elif below + len(smaller) + len(equal) > middle:
            return pivot
        else:
            below += len(smaller) + len(equal)
            pool = [number for number in pool if number > pivot]
    return pool[0]
'''
    for path in ("ledger-tools/model/median.py", "weather-station/model/middle_value.py", "route-planner/model/stats_copy.py"):
        plant(path, median, kind, "The same bytes under three names in three repositories.", same="median")

    table = '''/** A table of short strings, each stored once. */
public final class StringTable {
    private final java.util.HashMap<String, Integer> places = new java.util.HashMap<>();
    private final java.util.ArrayList<String> strings = new java.util.ArrayList<>();

    int placeOf(String text) {
        return places.computeIfAbsent(text, absent -> {
            strings.add(absent);
            return strings.size() - 1;
        });
    }

    String textAt(int place) {
        return strings.get(place);
    }
}
'''
    for path in ("route-planner/src/StringTable.java", "chat-widgets/vendor/StringTable.java"):
        plant(path, table, kind, "The same bytes under the same name in two repositories.", same="string table")

    debounce = '''// Runs a task when its calls have paused.
export function settle(task, pause) {
  let timer = 0;
  let newest = [];
  return (...values) => {
    newest = values;
    clearTimeout(timer);
    timer = setTimeout(() => task(...newest), pause);
  };
}
'''
    for path, text in (("chat-widgets/web/settle.js", debounce), ("weather-station/web/settle.js", debounce.replace("\n", "\r\n"))):
        plant(path, text, kind, "The same text, once with Windows line ends: equal after cleaning.", same="settle", lacks=["\r"])

    tide = '''// Height of the tide by the rule of twelfths.
double tide_height(double low, double high, double hours_since_low) {
    static const double twelfths[] = {0.0, 1.0, 3.0, 6.0, 9.0, 11.0, 12.0};
    if (hours_since_low <= 0.0) return low;
    if (hours_since_low >= 6.0) return high;
    const int hour = static_cast<int>(hours_since_low);
    const double part = twelfths[hour] + (twelfths[hour + 1] - twelfths[hour]) * (hours_since_low - hour);
    return low + (high - low) * part / 12.0;
}
'''
    plant("weather-station/native/tide.cpp", tide, kind, "The same text in UTF-8 and in UTF-16: equal after decoding.", same="tide")
    plant("route-planner/native/tide_table.cpp", codecs.BOM_UTF16_LE + tide.encode("utf-16-le"), kind,
          "The same text in UTF-8 and in UTF-16: equal after decoding.", same="tide", encoding="utf-16le", lacks=["\0"])


def _ordered(kind, flaw, first, second, third):
    """Plants three files so that their ids ascend; the year in the last line of a comment makes the order."""
    (path_a, text_a), (path_b, text_b), (path_c, text_c) = first, second, third
    years = range(1950, 2026)
    middle = text_b.replace("YEAR", "1999")
    lower = next(text for text in (text_a.replace("YEAR", str(year)) for year in years) if blob_id(text.encode()) < blob_id(middle.encode()))
    upper = next(text for text in (text_c.replace("YEAR", str(year)) for year in years) if blob_id(text.encode()) > blob_id(middle.encode()))
    plant(path_a, lower, kind, flaw)
    plant(path_b, middle, kind, flaw, stage="deduplicate", reason="duplicate_near", near=path_a)
    plant(path_c, upper, kind, flaw, near=path_b)


def _near():
    kind = "Near copy"
    text = _whole("python", VOUCHER)
    flaw = "Differs by a few added remarks: at or above 0.90, so one of the two goes."
    _pair(kind, flaw, ("ledger-tools/model/voucher.py", text),
          ("chat-widgets/model/coupon.py", _tuned(text, "#", _python_spot, REMARKS, 0.90, 0.94)))

    text = _whole("java", SNOW_STAKE)
    _pair(kind, flaw, ("weather-station/src/SnowStakeBook.java", text),
          ("route-planner/vendor/SnowStakeBook.java", _tuned(text, "//", _brace_spot, REMARKS[3:], 0.90, 0.93)))

    flaw = "Much is shared, but less than the threshold of 0.85 asks for: both stay."
    text = _whole("javascript", REACTION)
    plant("chat-widgets/web/reaction.js", text, kind, flaw, near="weather-station/web/reaction-board.js")
    plant("weather-station/web/reaction-board.js", _tuned(text, "//", _brace_spot, REMARKS[6:] + REMARKS[:6], 0.75, 0.82), kind, flaw,
          near="chat-widgets/web/reaction.js")

    text = _whole("cpp", LOCK_CHAMBER)
    plant("route-planner/native/lock_chamber.cpp", text, kind, flaw, near="weather-station/native/basin.cpp")
    plant("weather-station/native/basin.cpp", _tuned(text, "//", _brace_spot, REMARKS[9:] + REMARKS[:9], 0.75, 0.82), kind, flaw,
          near="route-planner/native/lock_chamber.cpp")

    middle = _whole("python", PENSION) + "\n\n# Figures of the year YEAR.\n"
    _ordered("Chain", "A is like B and B like C, but A is not like C: the middle goes for the sake of A, and C stays.",
             ("ledger-tools/model/pension.py", _tuned(middle, "#", _python_spot, REMARKS[:10], 0.86, 0.885)),
             ("route-planner/model/pension.py", middle),
             ("weather-station/model/pension.py", _tuned(middle, "#", _python_spot, REMARKS[10:], 0.86, 0.885)))

    kind = "White space only"
    narrow = '''"""Wind speed by the scale of Beaufort."""

LIMITS = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7]


def beaufort(speed):
  for force, limit in enumerate(LIMITS):
    if speed < limit:
      return force
  return len(LIMITS)
'''
    _pair(kind, "The same tokens, indented by two or by four: similarity 1.", ("weather-station/model/beaufort.py", narrow),
          ("route-planner/model/wind_force.py", narrow.replace("      ", "\t").replace("    ", "        ").replace("  for", "    for")
           .replace("  return len", "    return len").replace("\t", "            ")))

    kind = "Short"
    digits = "".join(str(pow(7, 300 + step, 10007) % 10) for step in range(160))
    _pair(kind, "Three long tokens, too few for a shingle: equal tokens make them copies.",
          ("ledger-tools/model/seed_digits.py", f"DIGITS = 0x{digits}\n"), ("weather-station/model/seed_digits.py", f"DIGITS    =    0x{digits}\n"))
    other = "".join(str(pow(5, 300 + step, 10009) % 10) for step in range(160))
    plant("route-planner/model/seed_digits.py", f"DIGITS = 0x{other}\n", kind, "Three long tokens, one of them another: no copy.")


def _pair(kind, flaw, first, second):
    """Plants two files that are close enough for one to go: the one with the greater id."""
    kept, dropped = sorted([first, second], key=lambda entry: blob_id(entry[1].encode()))
    plant(kept[0], kept[1], kind, flaw)
    plant(dropped[0], dropped[1], kind, flaw, stage="deduplicate", reason="duplicate_near", near=kept[0])
