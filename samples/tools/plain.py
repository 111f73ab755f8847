"""Flawless files of the corpus: small modules put together from hand-written blocks, one set a language.

A module is a subject (what it is about) and two or three blocks (what it does). The words of the subject go into
the names, so that two modules with a block in common still share less than half of their shingles.
"""

import re

# Singular, plural, a number field with its unit, a text field, a second number field, a status word.
SUBJECTS = [
    ("invoice", "invoices", "amount_due", "cents", "debtor", "discount", "settled"),
    ("ledger_entry", "ledger_entries", "posting", "cents", "account", "balance", "reconciled"),
    ("budget", "budgets", "ceiling", "euros", "department", "reserve", "approved"),
    ("receipt", "receipts", "gross_total", "cents", "merchant", "vat_share", "archived"),
    ("subscription", "subscriptions", "monthly_fee", "cents", "plan", "trial_days", "cancelled"),
    ("pay_run", "pay_runs", "net_sum", "cents", "period", "deductions", "released"),
    ("rain_gauge", "rain_gauges", "depth", "millimetres", "site", "overflow", "calibrated"),
    ("wind_reading", "wind_readings", "gust", "metres_per_second", "mast", "bearing", "plausible"),
    ("barometer", "barometers", "pressure", "hectopascals", "cabinet", "drift", "trusted"),
    ("thermograph", "thermographs", "warmth", "kelvins", "hut", "lag", "shaded"),
    ("hail_report", "hail_reports", "diameter", "millimetres", "observer", "intensity", "confirmed"),
    ("sunshine_log", "sunshine_logs", "minutes_lit", "minutes", "roof", "cloudiness", "complete"),
    ("waypoint", "waypoints", "elevation", "metres", "landmark", "slope", "reachable"),
    ("detour", "detours", "extra_length", "metres", "cause", "delay", "signposted"),
    ("tram_stop", "tram_stops", "platform_length", "metres", "district", "dwell", "staffed"),
    ("ferry_leg", "ferry_legs", "crossing_time", "minutes", "harbour", "swell", "operating"),
    ("bike_lane", "bike_lanes", "lane_width", "centimetres", "surface", "gradient", "lit"),
    ("toll_gate", "toll_gates", "charge", "cents", "motorway", "queue", "automatic"),
    ("chat_room", "chat_rooms", "backlog", "messages", "topic", "members", "moderated"),
    ("emoji_pack", "emoji_packs", "download_size", "bytes", "artist", "glyphs", "published"),
    ("typing_hint", "typing_hints", "idle_time", "milliseconds", "author", "bursts", "visible"),
    ("toast", "toasts", "lifetime", "milliseconds", "headline", "priority", "dismissed"),
    ("avatar", "avatars", "edge_length", "pixels", "palette", "crop", "cached"),
    ("sticker", "stickers", "frame_count", "frames", "mood", "scale", "animated"),
]

PYTHON = {
    "records": '''
from dataclasses import dataclass, field


@dataclass(frozen=True)
class $Name$:
    """One $words$; $num$ is in $unit$."""

    $text$: str
    $num$: int
    $other$: float = 0.0
    tags: tuple = field(default=())

    def is_$state$(self) -> bool:
        return "$state$" in self.tags and self.$num$ > 0

    def with_$num$(self, value: int) -> "$Name$":
        if value < 0:
            raise ValueError(f"$num$ is {value} $unit$; it cannot be negative")
        return $Name$(self.$text$, value, self.$other$, self.tags)
''',
    "summary": '''
def summarise_$names$($names$):
    """Least, greatest and mean $num$ by $text$, in $unit$."""
    by_$text$ = {}
    for $name$ in $names$:
        by_$text$.setdefault($name$.$text$, []).append($name$.$num$)
    return {
        $text$: (min(values), max(values), sum(values) / len(values))
        for $text$, values in sorted(by_$text$.items())
    }
''',
    "reader": '''
def read_$names$(lines):
    """Yields ($text$, $num$) from lines such as ``name;12``; a line that is not one raises with its number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        $text$, separator, raw_$num$ = line.rstrip().partition(";")
        if not separator or not raw_$num$.strip().isdigit():
            raise ValueError(f"line {number}: expected '$text$;$num$', found {line!r}")
        yield $text$.strip(), int(raw_$num$)
''',
    "window": '''
from collections import deque


class $Name$Window:
    """Moving mean of the last few $num$ values."""

    def __init__(self, size=12):
        self._$names$ = deque(maxlen=size)
        self._sum_$num$ = 0

    def push(self, $num$):
        if len(self._$names$) == self._$names$.maxlen:
            self._sum_$num$ -= self._$names$[0]
        self._$names$.append($num$)
        self._sum_$num$ += $num$
        return self._sum_$num$ / len(self._$names$)
''',
    "search": '''
import bisect


def find_$name$_near(sorted_$names$, target_$num$):
    """Index of the $words$ whose $num$ is closest to the target; the lower one of a tie."""
    keys = [$name$.$num$ for $name$ in sorted_$names$]
    place = bisect.bisect_left(keys, target_$num$)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_$num$ < target_$num$ - below else place - 1
''',
    "retry": '''
def publish_$names$(client, $names$, attempts=3):
    """Sends each $words$; returns those that were refused every time."""
    refused_$names$ = []
    for $name$ in $names$:
        for attempt in range(attempts):
            if client.send("$state$", $name$.$text$, $name$.$num$):
                break
        else:
            refused_$names$.append($name$)
    return refused_$names$
''',
    "tree": '''
def group_$names$_by_$other$($names$, step):
    """Buckets of width ``step``; the key of a bucket is its lower edge."""
    if step <= 0:
        raise ValueError("step must be positive")
    $other$_groups = {}
    for $name$ in $names$:
        edge = int($name$.$other$ // step) * step
        $other$_groups.setdefault(edge, []).append($name$)
    return dict(sorted($other$_groups.items()))
''',
}

JAVA = {
    "record": '''
    private final String $text$;
    private final long $num$;
    private final double $other$;

    public $Name$$Suffix$(String $text$, long $num$, double $other$) {
        if ($num$ < 0) {
            throw new IllegalArgumentException("$num$ is negative: " + $num$ + " $unit$");
        }
        this.$text$ = $text$;
        this.$num$ = $num$;
        this.$other$ = $other$;
    }

    public long get$Num$() {
        return $num$;
    }

    public boolean is$State$() {
        return $other$ > 0 && !$text$.isEmpty();
    }
''',
    "total": '''
    /** Sum of $num$ over all entries whose $text$ matches, in $unit$. */
    static long total$Num$(java.util.Map<String, Long> $num$By$Text$, String wanted$Text$) {
        long total = 0;
        for (var entry : $num$By$Text$.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wanted$Text$)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }
''',
    "parse": '''
    /** Reads the $num$ out of a line such as {@code name=12}. */
    static long parse$Num$(String line$Text$) {
        int equals = line$Text$.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no $num$ in: " + line$Text$);
        }
        return Long.parseLong(line$Text$.substring(equals + 1).strip());
    }
''',
    "top": '''
    /** The greatest $num$ values, largest first. */
    static java.util.List<Long> largest$Names$(java.util.Collection<Long> all$Num$, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long $num$ : all$Num$) {
            smallestFirst.add($num$);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var $names$ = new java.util.ArrayList<Long>(smallestFirst);
        $names$.sort(java.util.Comparator.reverseOrder());
        return $names$;
    }
''',
    "clamp": '''
    /** Keeps $other$ inside its limits and says through the listener when it had to. */
    static double limit$Other$(double $other$, double lower$Other$, double upper$Other$, Runnable on$State$Change) {
        double kept$Other$ = Math.max(lower$Other$, Math.min(upper$Other$, $other$));
        if (kept$Other$ != $other$) {
            on$State$Change.run();
        }
        return kept$Other$;
    }
''',
}

CPP = {
    "struct": '''
struct $Name$ {
    std::string $text$;
    long $num$ = 0;
    double $other$ = 0.0;

    bool is_$state$() const { return $num$ > 0 && !$text$.empty(); }
};

inline bool operator<(const $Name$& left_$name$, const $Name$& right_$name$) {
    return left_$name$.$num$ < right_$name$.$num$;
}
''',
    "mean": '''
// Mean $num$ in $unit$; zero when there is no $words$.
double mean_$num$(const std::vector<long>& $num$_values) {
    if ($num$_values.empty()) return 0.0;
    double $num$_sum = 0.0;
    for (long $num$ : $num$_values) $num$_sum += static_cast<double>($num$);
    return $num$_sum / static_cast<double>($num$_values.size());
}
''',
    "ring": '''
// The latest $names$, oldest overwritten first.
template <std::size_t Capacity>
class $Name$Ring {
public:
    void push(double $other$) {
        $other$s_[next_$name$_ % Capacity] = $other$;
        ++next_$name$_;
    }
    std::size_t size() const { return std::min(next_$name$_, Capacity); }
    double latest_$other$() const { return $other$s_[(next_$name$_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> $other$s_{};
    std::size_t next_$name$_ = 0;
};
''',
    "find": '''
// First position at which the $num$ reaches the limit, or the size where none does.
std::size_t first_$state$_$name$(const std::vector<long>& $num$_by_$text$, long $num$_limit) {
    auto place = std::find_if($num$_by_$text$.begin(), $num$_by_$text$.end(),
                              [$num$_limit](long $num$) { return $num$ >= $num$_limit; });
    return static_cast<std::size_t>(place - $num$_by_$text$.begin());
}
''',
    "count": '''
// How many $names$ each $text$ has, in the order of the $text$.
std::map<std::string, int> count_$names$(const std::vector<std::string>& $text$_column) {
    std::map<std::string, int> $names$_by_$text$;
    for (const auto& $text$ : $text$_column) ++$names$_by_$text$[$text$];
    return $names$_by_$text$;
}
''',
}

JAVASCRIPT = {
    "create": '''
/** Makes a $words$; $num$ is in $unit$. */
export function create$Name$({ $text$, $num$ = 0, $other$ = 1 }) {
  if (!Number.isFinite($num$) || $num$ < 0) {
    throw new RangeError(`$num$ is ${$num$} $unit$; expected zero or more`);
  }
  return Object.freeze({ $text$, $num$, $other$, $state$: false });
}
''',
    "store": '''
export class $Name$Store {
  #$names$ = new Map();

  add($name$) {
    const known$Name$ = this.#$names$.get($name$.$text$);
    if (known$Name$ && known$Name$.$num$ >= $name$.$num$) return false;
    this.#$names$.set($name$.$text$, $name$);
    return true;
  }

  get $state$$Names$() {
    return [...this.#$names$.values()].filter(($name$) => $name$.$state$);
  }
}
''',
    "format": '''
const $UPPER$_STEPS = [1, 10, 100, 1000];

export function describe$Num$($num$) {
  const step = $UPPER$_STEPS.findLast((candidate) => candidate <= $num$) ?? 1;
  const rounded$Num$ = Math.round($num$ / step) * step;
  return `about ${rounded$Num$} $unit$`;
}
''',
    "group": '''
export function group$Names$By$Text$($names$) {
  const $names$By$Text$ = {};
  for (const $name$ of $names$) {
    ($names$By$Text$[$name$.$text$] ??= []).push($name$);
  }
  for (const $text$ of Object.keys($names$By$Text$)) {
    $names$By$Text$[$text$].sort((first, second) => second.$num$ - first.$num$);
  }
  return $names$By$Text$;
}
''',
    "watch": '''
export function watch$Other$(element, on$Other$, delay = 250) {
  let pending$Other$ = null;
  const forward$Other$ = (event) => {
    clearTimeout(pending$Other$);
    pending$Other$ = setTimeout(() => on$Other$(event.detail.$other$), delay);
  };
  element.addEventListener("$name$-$state$", forward$Other$);
  return () => element.removeEventListener("$name$-$state$", forward$Other$);
}
''',
}


def _camel(words, upper):
    joined = "".join(part.capitalize() for part in words.split("_"))
    return joined if upper else joined[0].lower() + joined[1:]


def _fill(block, subject, camel, suffix=""):
    name, names, num, unit, text, other, state = subject
    low = (lambda word: _camel(word, False)) if camel else (lambda word: word)
    values = {
        "name": low(name), "names": low(names), "num": low(num), "text": low(text), "other": low(other), "state": low(state),
        "Name": _camel(name, True), "Names": _camel(names, True), "Num": _camel(num, True), "Text": _camel(text, True),
        "Other": _camel(other, True), "State": _camel(state, True), "UPPER": num.upper(), "Suffix": suffix,
        "words": name.replace("_", " "), "unit": unit.replace("_", " "),
    }
    return re.sub(r"\$(\w+?)\$", lambda match: values[match[1]], block)


def _pick(blocks, index, count):
    """A different choice for every index: the blocks in a circle, with a stride that varies."""
    names = list(blocks)
    stride = 1 + index // len(names) % (len(names) - 1)
    chosen = []
    place = index
    while len(chosen) < count:
        if names[place % len(names)] not in chosen:
            chosen.append(names[place % len(names)])
            place += stride
        else:
            place += 1
    return chosen


def python_module(index, subject, count=3):
    bodies = [_fill(PYTHON[name], subject, False).strip("\n") for name in _pick(PYTHON, index, count)]
    imports = sorted({line for body in bodies for line in body.split("\n") if re.match(r"(from \w+ )?import ", line)})
    bodies = ["\n".join(line for line in body.split("\n") if line not in imports).strip("\n") for body in bodies]
    head = f'"""{subject[1].replace("_", " ").capitalize()}: what is known of each {subject[4]}."""\n'
    return head + ("\n" + "\n".join(imports) + "\n" if imports else "") + "\n\n" + "\n\n\n".join(bodies) + "\n"


def java_module(index, subject, count=3):
    suffix = ("Book", "Service", "Board")[index % 3]
    bodies = [_fill(JAVA[name], subject, True, suffix).strip("\n") for name in _pick(JAVA, index, count)]
    head = f"/** Works with {subject[1].replace('_', ' ')}. */\npublic final class {_camel(subject[0], True)}{suffix} {{\n"
    return head + "\n\n".join(bodies) + "\n}\n"


def cpp_module(index, subject, count=3):
    bodies = [_fill(CPP[name], subject, False).strip("\n") for name in _pick(CPP, index, count)]
    needed = {"std::string": "string", "std::vector": "vector", "std::array": "array", "std::map": "map",
              "std::find_if": "algorithm", "std::min": "algorithm", "std::size_t": "cstddef"}
    headers = sorted({header for use, header in needed.items() if any(use in body for body in bodies)})
    head = "".join(f"#include <{header}>\n" for header in headers)
    return f"{head}\nnamespace {subject[0]}s {{\n\n" + "\n\n".join(bodies) + f"\n\n}}  // namespace {subject[0]}s\n"


def javascript_module(index, subject, count=3):
    bodies = [_fill(JAVASCRIPT[name], subject, True).strip("\n") for name in _pick(JAVASCRIPT, index, count)]
    return f"// {subject[1].replace('_', ' ').capitalize()}.\n\n" + "\n\n".join(bodies) + "\n"


def files():
    """Path to text of every flawless module."""
    repositories = ["ledger-tools", "weather-station", "route-planner", "chat-widgets"]
    made = {}
    for index, subject in enumerate(SUBJECTS):
        repository = repositories[index // 6]
        made[f"{repository}/model/{subject[0]}.py"] = python_module(index, subject)
        if index % 6 != 1:
            made[f"{repository}/src/{_camel(subject[0], True)}{('Book', 'Service', 'Board')[index % 3]}.java"] = java_module(index, subject)
        if index % 6 != 2:
            made[f"{repository}/native/{subject[0]}.cpp"] = cpp_module(index, subject)
        if index % 6 != 3:
            made[f"{repository}/web/{subject[0].replace('_', '-')}.js"] = javascript_module(index, subject)
    return made
