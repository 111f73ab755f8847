"""Flaws of the bytes, of the white space, of the sizes and of the names."""

from catalog import plant


def plant_all():
    _bytes()
    _white_space()
    _sizes()
    _names()


def _bytes():
    kind = "Bytes"
    plant("weather-station/firmware/loader.c", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00\x01\x00\x00\x00"
          + bytes((7 * place * place + place // 3) % 256 for place in range(700)) + bytes(120),
          kind, "A program with the ending of C source.", stage="preprocess", reason="binary", encoding=None, valid=False)
    plant("chat-widgets/web/spinner.js", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x20\x00\x00\x00\x20\x08\x06\x00\x00\x00"
          + bytes((11 * place * place + 5 * place) % 256 for place in range(400)) + b"\x00\x00\x00\x00IEND\xaeB`\x82",
          kind, "An image with the ending of JavaScript.", stage="preprocess", reason="binary", encoding=None, valid=False)
    plant("chat-widgets/web/mention.js", b'''// Finds who is mentioned in a message.
const MENTION = /(^|\\s)@([a-z][a-z0-9-]{1,30})/g;
\0
export function mentionedNames(message) {
  return [...message.matchAll(MENTION)].map((match) => match[2]);
}
''', kind, "One stray NUL in otherwise good text: the NUL goes, the file stays.", contains=["export function mentionedNames"], lacks=["\0"],
          valid=False)
    plant("weather-station/model/dew_point.py", b'''"""Dew point by the Magnus formula.\x01"""

import math


def dew_point(celsius, humidity):
    # The constants\x08 hold from -45 to 60 degrees.\x02
    gamma = math.log(humidity / 100) + 17.62 * celsius / (243.12 + celsius)
    return 243.12 * gamma / (17.62 - gamma)
''', kind, "Stray control characters in comments.", contains=["Dew point by the Magnus formula.", "gamma = math.log(humidity / 100)"],
          lacks=["\x01", "\x02", "\x08"])


def _white_space():
    kind = "White space"
    text = '''// Distance between two points of a plane map.
#include <cmath>
double plane_distance(double x1, double y1, double x2, double y2) {
    const double dx = x2 - x1;
    const double dy = y2 - y1;
    return std::sqrt(dx * dx + dy * dy);
}
'''
    plant("route-planner/native/plane.cpp", text.replace("\n", "\r"), kind, "Lines end with a carriage return alone, as on old Macintoshes.",
          contains=["plane map.\n#include <cmath>\n"], lacks=["\r"], valid=False)
    plant("route-planner/src/Heading.java", '''/** Names of compass headings. */
public final class Heading {
    private static final String[] NAMES = {"north", "east", "south", "west"};

    static String nameOf(double degrees) {
        int quarter = (int) Math.round(degrees / 90.0) % 4;
        return NAMES[quarter < 0 ? quarter + 4 : quarter];
    }
}
'''.replace("\n", "\r\n"), kind, "Lines end as on Windows.", contains=["final class Heading {\n    private"], lacks=["\r"])
    plant("chat-widgets/web/scroll.js", "// Keeps the newest message in view.\r\nexport function isAtEnd(list) {\n  const rest = list.scrollHeight - list.scrollTop;\r"
          "  return rest - list.clientHeight < 8;\r\n}\n\rexport const STEP = 40;\n", kind, "All three line ends in one file.",
          contains=["in view.\nexport function isAtEnd(list) {\n  const rest", "scrollTop;\n  return"], lacks=["\r"])
    plant("ledger-tools/model/quarters.py", '"""Quarters of a fiscal year."""   \n\t\n\ndef quarter_of(month, first_month=1):  \t \n    shifted = (month - first_month) % 12    \n'
          '    return shifted // 3 + 1\t\n\n\nQUARTER_NAMES = ["first", "second", "third", "fourth"] \n', kind, "Blanks and tabs at the ends of lines.",
          contains=['fiscal year."""\n\n\ndef quarter_of(month, first_month=1):\n', "+ 1\n"], lacks=[" \n", "\t\n"])
    plant("weather-station/src/DayLength.java", '''/** Length of the day. */
public final class DayLength {
    static double hours(double latitude, int dayOfYear) {
        double tilt = 0.409 * Math.sin(2 * Math.PI * dayOfYear / 365 - 1.39);
''' + "\n" * 10 + '''        double cosine = -Math.tan(Math.toRadians(latitude)) * Math.tan(tilt);
        return 24 / Math.PI * Math.acos(Math.max(-1, Math.min(1, cosine)));
    }
}
''', kind, "Ten blank lines in a row: two stay.", contains=["- 1.39);\n\n\n        double cosine"], lacks=["\n\n\n\n"])
    plant("weather-station/firmware/adc.c", '''/* Reads the analogue channels. */
#include <stdint.h>

static uint16_t last_sample[4];

uint16_t adc_filtered(unsigned channel, uint16_t raw)
{
\tuint16_t previous = last_sample[channel & 3];
\tuint16_t filtered = (uint16_t)((previous * 3u + raw) / 4u);
\tif (filtered > 4095u)
\t\tfiltered = 4095u;
\tlast_sample[channel & 3] = filtered;
\treturn filtered;
}
''', kind, "Indented with tabs, which stay.", contains=["\tuint16_t previous", "\t\tfiltered = 4095u;"])
    plant("weather-station/native/pages.cpp", '''// Splits a report into pages.
#include <string>

int page_count(int lines, int lines_a_page) { return (lines + lines_a_page - 1) / lines_a_page; }
\f
std::string page_title(int page, int pages) { return "page " + std::to_string(page) + " of " + std::to_string(pages); }
''', kind, "A form feed between two functions.", contains=["int page_count(int lines", "std::string page_title(int page"])


def _sizes():
    kind = "Size"
    plant("ledger-tools/model/__init__.py", b"", kind, "No bytes at all.", stage="organize", reason="empty")
    plant("chat-widgets/web/index.js", 'export * from "./toast.js";\n', kind, "Less than 100 bytes.", stage="organize", reason="too_small")
    rows, number = [], 0
    head = "-- One row a minute, written by the exporter of the station.\nCREATE TABLE minute_value (minute INTEGER, tenths INTEGER);\n"
    size = len(head)
    while size <= 1024 * 1024 + 512:
        rows.append(f"INSERT INTO minute_value (minute, tenths) VALUES ({number}, {(number * 37) % 410});\n")
        size += len(rows[-1])
        number += 1
    plant("weather-station/db/minute_values.sql", head + "".join(rows), kind, "Just above 1 MiB, the greatest size by default.",
          stage="organize", reason="too_large")
    values, size, number = [], 0, 0
    while size < 200_000:
        values.append(str((number * number * 31 + number * 7) % 9973))
        size += len(values[-1]) + 1
        number += 1
    plant("route-planner/web/elevation-grid.js", "// Elevation in decimetres, row by row.\nexport const GRID = [" + ",".join(values)
          + "];\nexport const elevationAt = (column, row) => GRID[row * 200 + column] / 10;\n", kind,
          "One line of 200 kB.", contains=["// Elevation in decimetres, row by row.\nexport const GRID = [0,38,", "];\nexport const elevationAt"])


def _names():
    kind = "Name"
    plant("weather-station/db/levels.xyz", "station;minute;tenths\n" + "".join(f"harbour;{minute};{minute * 7 % 190}\n" for minute in range(12)),
          kind, "An ending that no language has.", stage="organize", reason="unsupported_extension")
    plant("route-planner/NOTES", "Notes of the planning meeting.\n\nThe detours of the spring works are entered by hand until the feed of the road office is there.\n",
          kind, "No ending.", stage="organize", reason="unsupported_extension")
    plant("chat-widgets/.lintrc.js", 'module.exports = {\n  rules: { semi: "error", "no-undef": "error", "prefer-const": "warn", eqeqeq: "error" },\n  root: true,\n};\n',
          kind, "A hidden file.", stage="organize", reason="hidden")
    plant("weather-station/.cache/parsed.py", '"""Left by the parser; may be removed at any time."""\n\nPARSED = {"stations": 14, "minutes": 1440, "errors": 0, "version": 3}\n',
          kind, "A hidden folder, reported once and not entered.", stage="organize", reason="hidden")
    plant("ledger-tools/current_ledger.py", None, kind, "A symbolic link to a file of the corpus.", stage="organize", reason="symbolic_link",
          link="model/ledger_entry.py")
    plant("weather-station/generator.py", None, kind, "A symbolic link out of the corpus, never followed.", stage="organize",
          reason="symbolic_link", link="../../tools/make_samples.py")
    plant("route-planner/regions", None, kind, "A symbolic link to a folder of the corpus.", stage="organize", reason="symbolic_link",
          link="area/eu")
    long_name = "a_report_whose_name_says_" + "everything_about_the_quarter_and_" * 6 + "its_totals"
    assert 200 < len(long_name + ".py") <= 255
    plant(f"ledger-tools/reports/{long_name}.py", '"""Totals of a quarter."""\n\n\ndef quarter_totals(bookings):\n    totals = [0, 0, 0, 0]\n    for booking in bookings:\n'
          '        totals[(booking.month - 1) // 3] += booking.cents\n    return totals\n', kind, "A name of more than 200 bytes.")
    plant("ledger-tools/reports/aux.py", '"""Auxiliary columns of the printed reports."""\n\nAUXILIARY_COLUMNS = ("running total", "share of the year")\n\n\n'
          'def with_running_total(amounts):\n    running = 0\n    for amount in amounts:\n        running += amount\n        yield amount, running\n',
          kind, "A name that Windows reserves for a device.")
    plant("chat-widgets/web/con.js", '// Connection state of a widget.\nexport class Connection {\n  #tries = 0;\n\n  nextDelay() {\n    this.#tries += 1;\n'
          '    return Math.min(30000, 250 * 2 ** this.#tries);\n  }\n\n  opened() {\n    this.#tries = 0;\n  }\n}\n',
          kind, "Another reserved name.")
    plant("chat-widgets/README.md", "# Chat widgets\n\nSmall parts of a chat page: rooms, stickers, toasts and the hints that somebody is typing.\n\n"
          "- no build step\n- each widget is one module\n", kind, "Differs from Readme.md by case only.")
    plant("chat-widgets/Readme.md", "# How the widgets are laid out\n\nEvery widget draws into the element that it is given and listens to its events; "
          "none of them reads another one's state.\n", kind, "Differs from README.md by case only.")
    plant("route-planner/map data/straße nördlich.py", '"""Streets north of the river."""\n\nSTREETS = {"Hafenstraße": 1200, "Nordring": 3400, "Am Speicher": 310}\n\n\n'
          'def longest_street():\n    return max(STREETS, key=STREETS.get)\n', kind, "Blanks and letters outside ASCII in folder and file name.",
          contains=["Hafenstraße"])
    plant("route-planner/area/eu/north/fi/uusimaa/helsinki/inner/harbour/east/quay/berth/seven/BerthPlan.java", '''/** Which ship lies where. */
public final class BerthPlan {
    private final java.util.TreeMap<Integer, String> shipByMetre = new java.util.TreeMap<>();

    boolean moor(String ship, int metre, int length) {
        Integer next = shipByMetre.ceilingKey(metre);
        if (next != null && next < metre + length) {
            return false;
        }
        shipByMetre.put(metre, ship);
        return true;
    }
}
''', kind, "Twelve folders deep.")
