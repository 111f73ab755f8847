"""Personal data and secrets in comments and strings, and what only looks like them.

Every value is made for tests: reserved domains, the card schemes' test numbers, fictitious telephone numbers, keys
whose bodies are noise.
"""

import base64
import json

from catalog import base64_noise, noise, plant


def _token(payload):
    def part(data):
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    return ".".join([part(b'{"alg":"HS256","typ":"JWT"}'), part(json.dumps(payload).encode()), part(noise("jwt", 32).encode())])


def _private_key(label, seed):
    body = base64_noise(seed, 600)
    lines = [body[start:start + 64] for start in range(0, len(body), 64)]
    return [f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"]


def plant_all():
    _people()
    _keys()
    _look_alikes()


def _people():
    kind = "Personal data"
    plant("ledger-tools/notify/mailer.py", '''"""Who is told when the books do not balance."""

# Questions: petra.neumann@books.example.org, or in her absence jan+ledger@example.net.
RECIPIENTS = ["petra.neumann@books.example.org", "audit-team@example.com"]
FALLBACK = "Petra Neumann <petra.neumann@books.example.org>"


def recipients_for(severity):
    if severity >= 3:
        return RECIPIENTS + ["night.shift@ops.example.net"]
    return RECIPIENTS[:1]
''', kind, "Six e-mail addresses, one of them three times: the same person must get the same placeholder.",
          redactions={"email": 6}, contains=['RECIPIENTS = ["', "Petra Neumann <"],
          lacks=["petra.neumann@", "jan+ledger@", "audit-team@", "night.shift@"])

    plant("chat-widgets/web/support-card.js", '''// The card shown when nobody of the support team is online.
const SUPPORT = {
  mail: "helga.brandt@support.example.com", // mirrored in the footer
  phone: "+1 415 555 2671",
};

export function supportLine(offline) {
  return offline ? `Write to ${SUPPORT.mail} or call ${SUPPORT.phone}.` : "We are here.";
}
''', kind, "An e-mail address and a telephone number in strings of one object.", redactions={"email": 1, "phone": 1},
          contains=["// mirrored in the footer", "`Write to ${SUPPORT.mail}"], lacks=["helga.brandt", "555 2671"])

    plant("route-planner/src/DispatchDesk.java", '''/**
 * Reaches the dispatch desk. London answers on +44 20 7946 0958 by day,
 * Berlin on +49 30 901820 by night.
 */
public final class DispatchDesk {
    private static final String NEW_YORK_PHONE = "(212) 555-0187";

    static String phoneAt(int hour) {
        return hour < 6 ? NEW_YORK_PHONE : "see above";
    }
}
''', kind, "Three telephone numbers of three countries, two in a comment and one in a string.", redactions={"phone": 3},
          contains=["Berlin on ", "static String phoneAt(int hour)"], lacks=["7946 0958", "30 901820", "555-0187"])

    plant("weather-station/native/peers.cpp", '''#include <string>
#include <vector>

// The first mirror moved from 93.184.216.34 in spring; old firmware still calls it.
std::vector<std::string> mirror_addresses() {
    return {"93.184.216.34", "151.101.65.69", "2606:2800:220:1:248:1893:25c8:1946"};
}

bool is_mirror(const std::string& peer) {
    for (const std::string& mirror : mirror_addresses()) {
        if (mirror == peer) return true;
    }
    return false;
}
''', kind, "Public IP addresses of both versions, one of them twice.", redactions={"ip_address": 4},
          contains=["std::vector<std::string> mirror_addresses()"], lacks=["93.184.216.34", "151.101.65.69", "2606:2800"])

    plant("ledger-tools/payments/card_fixtures.py", '''"""Cards that the payment tests use."""

# The usual Visa: 4111 1111 1111 1111
ACCEPTED_CARDS = {
    "mastercard": "5555555555554444",
    "american express": "378282246310005",
}


def is_accepted_card(number):
    return number in ACCEPTED_CARDS.values()
''', kind, "Three card numbers with a right check digit, with and without spaces.", redactions={"credit_card": 3},
          contains=['"mastercard": "'], lacks=["4111 1111 1111 1111", "5555555555554444", "378282246310005"])

    plant("ledger-tools/payroll/deduction_check.py", '''"""Checks of the yearly deductions."""

# Reported by the employee with SSN 536-90-4399: deducted twice in March.
KNOWN_CASES = {"double deduction": "SSN: 219-45-6788"}


def doubled_deductions(rows):
    seen_rows = set()
    return [row for row in rows if row in seen_rows or seen_rows.add(row)]
''', kind, "Two social security numbers, one in a comment and one in a string.", redactions={"ssn": 2},
          contains=["deducted twice in March"], lacks=["536-90-4399", "219-45-6788"])

    plant("ledger-tools/db/complaints.sql", '''-- Rows kept for the complaint of 12 March; ask ruth.okafor@claims.example.org
-- (phone +44 20 7946 0321) before deleting them. Sent from 104.18.27.90.
SELECT claim_number, claimed_cents, claimed_on
FROM claim
WHERE claimed_on >= DATE '2024-03-12'
ORDER BY claimed_cents DESC;
''', kind, "Three kinds of personal data in one SQL comment.", redactions={"email": 1, "phone": 1, "ip_address": 1},
          contains=["-- Rows kept for the complaint of 12 March; ask "], lacks=["ruth.okafor", "7946 0321", "104.18.27.90"])


def _keys():
    kind = "Secret"
    access, secret = "AKIA" + noise("aws", 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), noise("aws secret", 40)
    plant("weather-station/uplink/bucket_settings.py", f'''"""Where the station's readings are stored."""

BUCKET = "weather-station-readings"
aws_access_key_id = "{access}"
aws_secret_access_key = "{secret}"


def object_name(station, day):
    return f"{{station}}/{{day:%Y/%m/%d}}.json"
''', kind, "An AWS access key and its secret.", redactions={"key": 2}, contains=['BUCKET = "weather-station-readings"'],
          lacks=[access, secret])

    github = "ghp_" + noise("github", 36)
    plant("weather-station/scripts/fetch_firmware.sh", f'''#!/bin/sh
# Fetches the newest firmware image and checks that it is complete.
set -eu
GITHUB_TOKEN={github}
target=${{1:?name of the image expected}}
curl --fail --silent --header "Authorization: token $GITHUB_TOKEN" --output "$target" https://firmware.example.org/latest
test -s "$target" || {{ echo "empty image: $target" >&2; exit 1; }}
''', kind, "A GitHub personal token in a shell script.", redactions={"key": 1},
          contains=["token $GITHUB_TOKEN", "https://firmware.example.org/latest"], lacks=[github])

    slack = "xoxb-" + noise("slack a", 12, "123456789") + "-" + noise("slack b", 12, "123456789") + "-" + noise("slack c", 24)
    plant("chat-widgets/web/relay.js", f'''// Relays room messages to the workspace of the operators.
const RELAY_TOKEN = "{slack}";

export async function relayMessage(room, text, post) {{
  const reply = await post({{ token: RELAY_TOKEN, channel: room, text }});
  if (!reply.ok) throw new Error(`relay refused: ${{reply.error}}`);
  return reply.ts;
}}
''', kind, "A Slack bot token.", redactions={"key": 1}, contains=["channel: room, text"], lacks=[slack])

    stripe = "sk_live_" + noise("stripe", 24)
    plant("chat-widgets/ui/tip-jar.ts", f'''// The tip jar below a stream.
const liveKey: string = "{stripe}";

interface Tip {{
  readonly viewer: string;
  readonly cents: number;
}}

export function chargeable(tips: readonly Tip[]): Tip[] {{
  return liveKey.length === 0 ? [] : tips.filter((tip) => tip.cents >= 50);
}}
''', kind, "A live Stripe key in TypeScript.", redactions={"key": 1}, contains=["readonly cents: number;"], lacks=[stripe])

    google = "AIza" + noise("google", 35)
    plant("chat-widgets/public/map.html", f'''<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Where our members are</title>
  <script src="https://maps.example.com/api/js?key={google}"></script>
</head>
<body>
  <main id="map" data-zoom="4"></main>
</body>
</html>
''', kind, "A Google API key in a link; the quotation mark after it must stay.", redactions={"key": 1},
          contains=['"></script>', 'data-zoom="4"'], lacks=[google])

    jwt = _token({"sub": "station-17", "scope": "upload"})
    plant("weather-station/uplink/session.py", f'''"""Opens the upload session of a station."""

DEFAULT_SESSION = "{jwt}"


def headers(session=DEFAULT_SESSION):
    return {{"Authorization": "Bearer " + session, "Accept": "application/json"}}
''', kind, "A JSON web token.", redactions={"key": 1}, contains=['"Authorization": "Bearer " + session'], lacks=[jwt, "eyJhbGci"])

    pem = _private_key("RSA PRIVATE KEY", "pem python")
    plant("ledger-tools/sign/statement_signer.py", '''"""Signs the monthly statements."""

SIGNING_KEY = """
''' + "\n".join(pem) + '''
"""


def signature_input(statement):
    return "\\n".join(f"{name}={statement[name]}" for name in sorted(statement))
''', kind, "A PEM private key in a Python string (its body is noise).", redactions={"key": 1},
          contains=["def signature_input(statement):"], lacks=[pem[1], pem[4]])

    pem = _private_key("EC PRIVATE KEY", "pem yaml")
    plant("route-planner/deploy/gateway.yaml", "# Gateway of the planner.\nlisten: 8443\ntls:\n  key: |\n"
          + "".join(f"    {line}\n" for line in pem) + "routes:\n  - path: /plan\n    service: planner\n",
          kind, "An indented PEM private key in YAML.", redactions={"key": 1}, contains=["listen: 8443", "    service: planner"],
          lacks=[pem[1], pem[4]])

    api = noise("php api", 40, "abcdef0123456789")
    plant("chat-widgets/server/webhook.php", f'''<?php
// Receives the webhooks of the moderation service.
$API_KEY = "{api}";

function verdict_of(array $event): string
{{
    $score = $event['score'] ?? 0.0;
    return $score > 0.8 ? 'hide' : ($score > 0.5 ? 'review' : 'show');
}}
''', kind, "A key without a known form, told by the name it is assigned to.", redactions={"key": 1},
          contains=["'hide' : ($score > 0.5"], lacks=[api])

    api = noise("java api", 32)
    plant("route-planner/src/TileSource.java", f'''/** Loads map tiles. */
public final class TileSource {{
    private static final String API_KEY = "{api}";

    static String tilePath(int zoom, int column, int row) {{
        return "/tiles/" + zoom + "/" + column + "/" + row + ".png?key=" + API_KEY;
    }}
}}
''', kind, "API_KEY in a Java constant.", redactions={"key": 1}, contains=['".png?key=" + API_KEY'], lacks=[api])

    word = "mV7#tq2Lx9!wZ4pR"
    plant("ledger-tools/lib/mailbox.rb", f'''# Reads scanned receipts from a mailbox.
class Mailbox
  def initialize(host)
    @host = host
    @password = "{word}"
  end

  def receipts(messages)
    messages.select {{ |message| message.attachments.any? {{ |part| part.end_with?(".pdf") }} }}
  end
end
''', kind, "A password in a Ruby string.", redactions={"key": 1}, contains=['part.end_with?(".pdf")'], lacks=[word])

    word = "k9Tz-Wq83nLbX2vY"
    plant("route-planner/cmd/stops.go", f'''// Command stops lists the stops of a district.
package main

import "fmt"

const database = "postgres://planner:{word}@db.example.org:5432/stops?sslmode=require"

func main() {{
	for _, name := range []string{{"harbour", "old town", "hospital"}} {{
		fmt.Println(len(database) > 0, name)
	}}
}}
''', kind, "A password inside a URL; what follows it is neither an e-mail address nor part of the secret.",
          redactions={"key": 1}, contains=['/stops?sslmode=require"'], lacks=[word])


def _look_alikes():
    kind = "Look-alike"
    plant("ledger-tools/model/matrix_view.py", '''"""Views of a matrix that share its memory."""

import os

__version__ = "1.2.3.4"  # four parts since the second release
password = os.environ["LEDGER_PASSWORD"]
DEFAULT_PASSWORD = "changeme"


class MatrixView:
    def __init__(self, values, offset):
        self.values = values
        self.offset = offset

    def odd_columns(self):
        return self.values[1::2]
    @property
    def start(self):
        return self.offset
    @staticmethod
    def product(a, b):
        return a @ b.T


def strided(x):
    return x[1::2], x[::3], x[5::]
''', kind, "Slices, a four-part version, decorators right after return, a matrix product, a password read from the environment and a placeholder password.",
          contains=["x[1::2], x[::3], x[5::]", '__version__ = "1.2.3.4"', "return self.values[1::2]\n    @property", "return self.offset\n    @staticmethod",
                    "return a @ b.T", 'password = os.environ["LEDGER_PASSWORD"]', '"changeme"'])

    plant("route-planner/model/ticket_numbers.py", '''"""Numbers on tickets, none of which is anybody's telephone or card."""

FIRST_TICKET = 4155552671
LARGEST_TICKET = 2147483647
SERVICE_START = 1700000000  # seconds since 1970
SERVICE_START_MILLIS = 1700000000000
ROW_KEYS = [1234567890, 9876543210, 5550100200]


def next_ticket(ticket):
    return FIRST_TICKET if ticket >= LARGEST_TICKET else ticket + 1
''', kind, "Ten-digit integers and timestamps.", contains=["FIRST_TICKET = 4155552671", "2147483647", "1700000000  #", "1700000000000",
                                                          "[1234567890, 9876543210, 5550100200]"])

    plant("ledger-tools/payments/rejected_cards.py", '''"""Numbers that the checks must refuse."""

# The last digit is off by one: 4111 1111 1111 1112
WRONG_CHECK_DIGIT = ["5555555555554445", "378282246310006"]
# Areas that were never issued: 000-12-3456, 666-12-3456, and the group 00 of 123-00-4567.
NEVER_ISSUED = ["000-45-6789", "666-45-6789", "987-65-4320"]


def all_refused(check, numbers):
    return not any(check(number) for number in numbers)
''', kind, "Card numbers with a wrong check digit and social security numbers that cannot exist.",
          contains=["4111 1111 1111 1112", "5555555555554445", "378282246310006", "000-12-3456, 666-12-3456", "123-00-4567", "666-45-6789", "987-65-4320"])

    plant("weather-station/native/local_link.cpp", '''#include <cstdint>
#include <string>

// Listens on 127.0.0.1 and ::1, and inside the station on 192.168.1.254, 10.0.0.7, 172.16.4.20 and fe80::1.
namespace link_layer {

std::uint32_t pack(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return (std::uint32_t{a} << 24) | (std::uint32_t{b} << 16) | (std::uint32_t{c} << 8) | d;
}

bool is_private(const std::string& address) {
    return address.rfind("192.168.", 0) == 0 || address.rfind("10.", 0) == 0 || address == "0.0.0.0";
}

}  // namespace link_layer
''', kind, "Private and loopback addresses, and C++ scopes that look like IPv6.",
          contains=["127.0.0.1 and ::1", "192.168.1.254, 10.0.0.7, 172.16.4.20 and fe80::1.", '"0.0.0.0"', "std::uint32_t{a}"])

    plant("chat-widgets/web/build-info.js", '''// Built at 12:30:45 from commit 3f786850e387550fdab836ed7e6dc881de23001b.
export const BUILD_ID = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
export const DIGEST = "89e6c98d92887913cadf06b2adb97f26cde4849b";
export const HELP_URL = "https://help.example.com/widgets/build";
export const ICON = 'images/icon@2x.png';

// To pin it: npm i pkg@1.2.3 @scope/other@4.5.6
export function startedAt(clock) {
  return clock === "00:00:00" ? "midnight" : `at ${clock}, see "${HELP_URL}"`;
}
''', kind, "Times, hashes, a UUID, package versions behind an at sign, and a URL with its closing quotation mark.",
          contains=["12:30:45", "3f786850e387550fdab836ed7e6dc881de23001b", "f47ac10b-58cc-4372-a567-0e02b2c3d479",
                    "89e6c98d92887913cadf06b2adb97f26cde4849b", '"https://help.example.com/widgets/build";', "icon@2x.png", "npm i pkg@1.2.3 @scope/other@4.5.6"])

    plant("chat-widgets/public/theme.css", '''/* Retina images and the dark theme. */
@media (min-resolution: 2dppx) {
  .room-icon { background-image: url("images/room@2x.png"); }
  .mute-icon { background-image: url(images/mute@3x.png); }
}

@import url("https://styles.example.com/base.css");

.message::before { content: "\\2022"; margin-inline-end: 0.5rem; }
.message::after { content: none; }
''', kind, "At signs of CSS and of file names, and pseudo-elements.",
          contains=['url("images/room@2x.png")', "mute@3x.png", '@import url("https://styles.example.com/base.css");', ".message::before"])

    plant("route-planner/docs/guide.md", "# Route planner: guide\n\nInstall it with `npm i route-planner@1.2.3`, then plan a trip.  \n"
          "This line follows a forced break.  \n\n| version | date |\n|---|---|\n| 1.2.3.4 | 2024-05-01 |\n| 1.10.0.0 | 2024-09-30 |\n\n"
          "See <https://planner.example.org/docs> (\"the manual\").\n",
          kind, "Markdown, where two spaces at a line's end mean a break and stay; a package version behind an at sign.",
          contains=["then plan a trip.  \nThis", "route-planner@1.2.3", "| 1.2.3.4 |", "<https://planner.example.org/docs>"])

    plant("weather-station/config/stations.json", '''{
  "schema": "2.0.1.7",
  "stations": [
    {"id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "name": "harbour", "latitude": 53.5459123456, "installed": 1362096000},
    {"id": "6ba7b811-9dad-11d1-80b4-00c04fd430c8", "name": "airfield", "latitude": 53.6304111111, "installed": 1425168000}
  ],
  "checksum": "d3486ae9136e7856bc42212385ea797094475802"
}
''', kind, "JSON with UUIDs, long decimals, timestamps and a checksum.",
          contains=['"schema": "2.0.1.7"', "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "53.5459123456", "1362096000", "d3486ae9136e7856bc42212385ea797094475802"])

    plant("weather-station/uplink/frame.rs", '''//! Frames of the radio link.

use std::fmt;

/// One frame; the checksum is the sum of its bytes.
pub struct Frame<'a> {
    pub station: u16,
    pub payload: &'a [u8],
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum: u32 = self.payload.iter().copied().map(u32::from).sum();
        write!(out, "{:04x}:{:08x}", self.station, sum)
    }
}

pub const EPOCH_SECONDS: u64 = 1_577_836_800;
pub const MASK: u32 = 0xDEAD_BEEF;
''', kind, "Rust paths, lifetimes and number literals.",
          contains=["impl fmt::Display for Frame<'_>", "map(u32::from)", "1_577_836_800", "0xDEAD_BEEF"])
