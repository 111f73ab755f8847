"""Values that the checks of redaction plant: secrets of providers by their published forms, and personal data with the checksums that they have.

Each kind is a function of a random generator that gives (text before the value, value, text after it). All of it is made up; nothing of it opens anything.
"""
import base64
import string
import zlib

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"
URL = ALNUM + "-_"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def of(rng, length, alphabet=ALNUM):
    return "".join(rng.choice(alphabet) for _ in range(length))


def with_sum(rng):
    body = of(rng, 30)
    value, text = zlib.crc32(body.encode()), ""
    for _ in range(6):
        value, digit = divmod(value, 62)
        text = BASE62[digit] + text
    return body + text


def uuid(rng):
    return "-".join(of(rng, n, HEX) for n in (8, 4, 4, 4, 12))


# Kind, and (text before the value, value, text after it).
SECRETS = {
    "aws access key": lambda r: ("", "AKIA" + of(r, 16, UPPER), ""),
    "aws secret key": lambda r: ("aws_secret_access_key = ", of(r, 40, ALNUM + "+/"), ""),
    "github token": lambda r: ("", "ghp_" + with_sum(r), ""),
    "github fine-grained token": lambda r: ("", "github_pat_" + of(r, 22) + "_" + of(r, 59), ""),
    "gitlab token": lambda r: ("", "glpat-" + of(r, 20, URL), ""),
    "npm token": lambda r: ("", "npm_" + with_sum(r), ""),
    "slack token": lambda r: ("", f"xoxb-{of(r, 12, string.digits)}-{of(r, 13, string.digits)}-{of(r, 24)}", ""),
    "slack webhook": lambda r: ("https://hooks.slack.com/services/", f"T{of(r, 10, UPPER)}/B{of(r, 10, UPPER)}/{of(r, 24)}", ""),
    "sendgrid key": lambda r: ("", f"SG.{of(r, 22, URL)}.{of(r, 42, URL)}9", ""),
    "shopify token": lambda r: ("", "shpat_" + of(r, 32, HEX), ""),
    "openai key": lambda r: ("", f"sk-proj-{of(r, 74, URL)}T3BlbkFJ{of(r, 74, URL)}", ""),
    "anthropic key": lambda r: ("", "sk-ant-api03-" + of(r, 93, URL) + "AA", ""),
    "linear key": lambda r: ("", "lin_api_" + of(r, 40), ""),
    "1password token": lambda r: ("", "ops_" + base64.b64encode(('{"signInAddress":"' + of(r, 200) + '"}').encode()).decode().rstrip("="), ""),
    "stripe key": lambda r: ("", "sk_live_" + of(r, 24), ""),
    "google api key": lambda r: ("", "AIza" + of(r, 34, URL) + "c", ""),
    "google oauth secret": lambda r: ("", "GOCSPX-" + of(r, 27, URL) + "c", ""),
    "hugging face token": lambda r: ("", "hf_" + of(r, 34, string.ascii_letters), ""),
    "docker token": lambda r: ("", "dckr_pat_" + of(r, 26, URL) + "c", ""),
    "digitalocean token": lambda r: ("", "dop_v1_" + of(r, 64, HEX), ""),
    "databricks token": lambda r: ("", "dapi" + of(r, 32, HEX), ""),
    "notion token": lambda r: ("", "ntn_" + of(r, 46), ""),
    "figma token": lambda r: ("", "figd_" + of(r, 39, URL) + "c", ""),
    "grafana token": lambda r: ("", f"glsa_{of(r, 32)}_{of(r, 8, HEX)}", ""),
    "vault token": lambda r: ("", "hvs." + of(r, 90, URL) + "c", ""),
    "pypi token": lambda r: ("", "pypi-AgEIcHlwaS5vcmc" + of(r, 150, URL) + "c", ""),
    "json web token": lambda r: ("", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NSJ9." + of(r, 43, URL), ""),
    "database address": lambda r: ("postgres://app:", of(r, 14), "@db.host.io:5432/app"),
    "mongodb address": lambda r: ("mongodb+srv://app:", of(r, 14), "@c0.host.io/x"),
    "basic authentication": lambda r: ("https://bot:", of(r, 12), "@git.host.io/x.git"),
    "password of ADO.NET": lambda r: ("Server=db;User ID=sa;Password=", of(r, 9) + "7x", ";Encrypt=True"),
    "api key by name": lambda r: ("api_key=", of(r, 32, HEX), ""),
    "heroku key by name": lambda r: ("HEROKU_API_KEY=", uuid(r), ""),
    "datadog key by name": lambda r: ("DD_API_KEY=", of(r, 32, HEX), ""),
}


def luhn(digits):
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed([int(c) for c in digits])))
    return digits + str(-total % 10)


def card(rng):
    prefix, length = rng.choice([("4", 16), ("5" + rng.choice("12345"), 16), ("37", 15), ("6011", 16), ("3530", 16)])
    return luhn(prefix + of(rng, length - len(prefix) - 1, string.digits))


def grouped(number):
    return " ".join(number[i:i + 4] for i in range(0, len(number), 4))


def iban(rng):
    country, bank = rng.choice([("DE", of(rng, 18, string.digits)), ("GB", "WEST" + of(rng, 14, string.digits)), ("NL", "ABNA" + of(rng, 10, string.digits)), ("FR", of(rng, 23, string.digits))])
    number = "".join(str(int(c, 36)) for c in bank + country + "00")
    return f"{country}{98 - int(number) % 97:02}{bank}"


def cpf(rng):
    digits = [int(c) for c in of(rng, 9, string.digits)]
    for length in (10, 11):
        rest = sum(d * w for d, w in zip(digits, range(length, 1, -1))) * 10 % 11 % 10
        digits.append(rest)
    text = "".join(map(str, digits))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def dni(rng):
    number = rng.randrange(10_000_000, 99_999_999)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def name(rng):
    return rng.choice(["Marta", "Jonas", "Aiko", "Ren\u00e9e", "Pavel", "\u0418\u0432\u0430\u043d"]) + " " + rng.choice(["Okonkwo", "Lindqvist", "Brennan", "Mart\u00ednez", "O'Hara", "\u041f\u0435\u0442\u0440\u043e\u0432"])


def user(rng):
    return rng.choice(["mlindqvist", "jbrennan", "aokonkwo", "pavel", "r.hara"]) + rng.choice(["", "7", "42"])


def email(rng):
    return user(rng) + "@" + rng.choice(["harbour-office.net", "mail.brennan.ie", "k\u00f6ln-b\u00fcro.de", "lindqvist.se"])


PERSONAL = {
    "email": lambda r: ("", email(r), ""),
    "email in brackets": lambda r: ("<", email(r), ">"),
    "mailto": lambda r: ("mailto:", email(r).replace("@", "%40"), "?subject=x"),
    "obfuscated email": lambda r: ("", f"{user(r)} at harbour-office dot net", ""),
    "phone E.164": lambda r: ("tel ", f"+4930{of(r, 8, string.digits)}", ""),
    "phone US": lambda r: ("", f"(415) 2{of(r, 2, string.digits)}-{of(r, 4, string.digits)}", ""),
    "credit card": lambda r: ("", card(r), ""),
    "credit card in groups": lambda r: ("", grouped(card(r)), ""),
    "ssn": lambda r: ("ssn ", f"536-{r.randrange(10, 99)}-{r.randrange(1000, 9999)}", ""),
    "itin": lambda r: ("ITIN ", f"9{of(r, 2, string.digits)}-7{r.randrange(0, 9)}-{r.randrange(1000, 9999)}", ""),
    "iban": lambda r: ("", iban(r), ""),
    "iban in groups": lambda r: ("IBAN ", grouped(iban(r)), ""),
    "cpf": lambda r: ("cpf ", cpf(r), ""),
    "dni": lambda r: ("DNI: ", dni(r), ""),
    "passport": lambda r: ("passport no ", f"X{of(r, 8, string.digits)}", ""),
    "ipv4": lambda r: ("", f"52.{r.randrange(20, 250)}.{r.randrange(20, 250)}.{r.randrange(1, 250)}", ""),
    "ipv6": lambda r: ("", f"2607:f8b0:4005:{of(r, 3, HEX[1:])}::{of(r, 4, HEX[1:])}", ""),
    "mac": lambda r: ("", "00:1b:44:" + ":".join(of(r, 2, HEX) for _ in range(3)), ""),
    "mac of Cisco": lambda r: ("", f"001b.44{of(r, 2, HEX)}.{of(r, 4, HEX)}", ""),
    "home folder": lambda r: ("/home/", user(r), "/src/x.c"),
    "home folder of macOS": lambda r: ("/Users/", user(r), ""),
    "profile of Windows": lambda r: ("C:\\Users\\", user(r), "\\Documents"),
    "profile of Windows, lower case": lambda r: ("d:\\Users\\", user(r), ""),
    "profile of Windows XP": lambda r: ("C:\\Documents and Settings\\", user(r), "\\Desktop"),
    "author tag": lambda r: ("@author ", name(r), ""),
    "copyright": lambda r: ("Copyright (c) 2019 ", name(r), ""),
    "trailer": lambda r: ("Signed-off-by: ", f"{name(r)} <{email(r)}>", ""),
    "coordinates": lambda r: ("gps ", f"52.{of(r, 6, string.digits)}, 13.{of(r, 6, string.digits)}", ""),
}


def lines_of_key(rng, kind):
    body = "\n".join(of(rng, 64, ALNUM + "+/") for _ in range(12))
    return f"-----BEGIN {kind} KEY-----\n{body}\n{of(rng, 22)}==\n-----END {kind} KEY-----"


# Values of several lines.
BLOCKS = {
    "private key": lambda r: ("", lines_of_key(r, "PRIVATE"), ""),
    "private RSA key": lambda r: ("", lines_of_key(r, "RSA PRIVATE"), "\n"),
    "private key of OpenSSH": lambda r: ("", lines_of_key(r, "OPENSSH PRIVATE"), ""),
    "netrc": lambda r: ("machine git.host.io\nlogin bot\npassword ", of(r, 14), "\n"),
    "environment": lambda r: ("\nAPI_TOKEN=", of(r, 32), "\nDB_PASSWORD=" + of(r, 11) + "\n"),
    "yaml": lambda r: ("db:\n  user: app\n  password: ", of(r, 13), "\n  port: 1\n"),
    "json": lambda r: ('{\n  "password": "', of(r, 13), '",\n  "id": 1\n}'),
    "xml": lambda r: ("<server>\n  <password>", of(r, 13), "</password>\n</server>"),
}
