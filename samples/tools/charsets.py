"""One file for every encoding that source code is found in, each with a comment long enough to tell it by."""

import codecs

from catalog import plant

FRENCH = [
    "Calcule le délai de préavis après la résiliation d'un abonnement.",
    "Le montant prélevé à l'échéance précédente reste dû, même si la période n'est pas achevée.",
    "Les jours fériés sont comptés comme des jours ouvrés : c'est la règle fixée par le comité.",
]
GERMAN = [
    "Prüft die Fälligkeit einer Rechnung und schlägt die Mahngebühr auf.",
    "Für „Großkunden“ gilt eine längere Frist; die Gebühr beträgt höchstens 40 € je Mahnung.",
    "Änderungen müssen mit der Buchhaltung abgestimmt werden – sonst stimmen die Übersichten nicht.",
]
POLISH = [
    "Oblicza średnią wysokość opadów dla każdej stacji w ciągu doby.",
    "Jeżeli czujnik nie zgłosił się przez godzinę, jego wartości są pomijane, a błąd trafia do dziennika.",
    "Próbki są już posortowane według czasu, więc wystarczy jedno przejście przez tablicę.",
    "Źródło wzoru: podręcznik służby meteorologicznej, rozdział o pomiarach ciągłych.",
]
RUSSIAN = [
    "Вычисляет кратчайший путь между двумя остановками по расписанию.",
    "Если пересадка занимает больше времени, чем стоянка, рейс пропускается и берётся следующий.",
    "Все времена хранятся в минутах от полуночи, поэтому переход через сутки обрабатывается отдельно.",
]
RUSSIAN_SHORTER = [
    "Читает показания датчика влажности и усредняет их за последний час.",
    "Нулевые значения означают обрыв провода, такие строки не учитываются в среднем.",
    "Результат округляется до целого процента, потому что точность прибора не выше.",
]
JAPANESE = [
    "チャットの未読件数を計算する。自分が送ったメッセージは数えない。",
    "最後に読んだ時刻より新しいものだけを対象とし、削除された発言は除外する。",
    "件数が百を超えた場合は、画面には九十九と表示する。",
]
JAPANESE_ROUTES = [
    "路線図から二つの駅の間の最短経路を求める。",
    "乗り換えの回数が同じときは、所要時間の短いほうを選ぶ。運休の区間は使わない。",
    "距離はすべてメートル単位で保存されている。",
]
CHINESE = [
    "根据每个账户的流水计算当月余额，已经冲销的记录不参与计算。",
    "如果同一天有多笔交易，则按照入账的先后顺序处理，避免出现负数。",
    "结果保留两位小数，单位为元。",
]
CHINESE_TRADITIONAL = [
    "計算每個氣象站一整天的平均氣溫，遺失的資料不列入計算。",
    "若連續三個小時沒有收到訊號，系統會通知值班人員並停止更新圖表。",
    "所有時間都使用當地時間，夏季不另外調整。",
]
KOREAN = [
    "채팅방에 들어온 사용자 목록을 정렬하여 화면에 보여 준다.",
    "관리자는 항상 맨 위에 놓이며, 나머지는 마지막으로 말한 시간의 순서를 따른다.",
    "차단된 사용자는 목록에서 제외하고 그 수만 따로 표시한다.",
]


def _commented(lines, mark):
    return "".join(f"{mark} {line}\n" for line in lines)


def plant_all():
    kind = "Encoding"
    head = "legacy-imports"

    plant(f"{head}/columns/Columns.cs", codecs.BOM_UTF8 + '''using System.Collections.Generic;

namespace LedgerTools.Export;

/// <summary>Widths of the columns in the printed statement – “narrow” ones are right-aligned.</summary>
public sealed class Columns
{
    private readonly Dictionary<string, int> widths = new() { ["date"] = 10, ["text"] = 42, ["sum"] = 14 };

    public int this[string name] => widths.TryGetValue(name, out var width) ? width : 0;

    public bool IsNarrow(string name) => this[name] is > 0 and < 20;
}
'''.encode(), kind, "UTF-8 with a byte order mark, which is not part of the text.", contains=["statement – “narrow” ones"],
          lacks=["\ufeff"])

    plant(f"{head}/windows/TariffTable.java", codecs.BOM_UTF16_LE + ('''/** Zone fares – “peak” counts from six to nine. */
public final class TariffTable {
    private static final int[] FARES = {240, 310, 390, 480};

    static int fareForZones(int zones, boolean peak) {
        int fare = FARES[Math.min(zones, FARES.length) - 1];
        return peak ? fare + fare / 5 : fare;
    }
}
''').encode("utf-16-le"), kind, "UTF-16, little end first, with a byte order mark.", encoding="utf-16le",
          contains=["Zone fares – “peak”"], lacks=["\ufeff", "\0"])

    plant(f"{head}/windows/palette.js", codecs.BOM_UTF16_BE + ('''// Colours of the presence dot – “away” fades, “busy” does not.
const PRESENCE_COLOURS = { online: "#2e7d32", away: "#f9a825", busy: "#c62828" };

export function presenceColour(state, fade) {
  const colour = PRESENCE_COLOURS[state] ?? "#9e9e9e";
  return state === "away" && fade ? `${colour}80` : colour;
}
''').encode("utf-16-be"), kind, "UTF-16, big end first, with a byte order mark.", encoding="utf-16be",
          contains=["presence dot – “away” fades"], lacks=["\ufeff", "\0"])

    plant(f"{head}/windows/create_accounts.sql", '''-- Script of the accounts database, saved by a Windows tool.
CREATE TABLE account (
    account_number INTEGER NOT NULL PRIMARY KEY,
    holder_name VARCHAR(80) NOT NULL,
    opened_on DATE NOT NULL,
    closed_on DATE NULL
);

CREATE INDEX account_by_holder ON account (holder_name, opened_on);

CREATE VIEW open_account AS
    SELECT account_number, holder_name FROM account WHERE closed_on IS NULL;
''', kind, "UTF-16, little end first, without a byte order mark: told by its zero bytes in every second place.",
          encoding="utf-16le", contains=["CREATE VIEW open_account AS"], lacks=["\0"])

    plant(f"{head}/windows/berths.yaml", codecs.BOM_UTF32_LE + '''# Berths of the ferry terminal – “deep” ones take the large ships.
berths:
  - name: north quay
    deep: true
    metres: 180
  - name: fish market
    deep: false
    metres: 45
'''.encode("utf-32-le"), kind, "UTF-32, little end first, with a byte order mark.", encoding="utf-32le",
          contains=["ferry terminal – “deep” ones"], lacks=["\ufeff", "\0"])

    plant(f"{head}/fr/Preavis.java", _commented(FRENCH, "//") + '''public final class Preavis {
    static int joursRestants(int joursPayes, int joursUtilises, boolean finDeMois) {
        int reste = Math.max(0, joursPayes - joursUtilises);
        return finDeMois ? reste + 3 : reste;
    }
}
''', kind, "ISO-8859-1 (French): one byte an accented letter; windows-1252 has the same letters there.", encoding="iso-8859-1",
          also=("windows-1252", "iso-8859-15"), contains=FRENCH)

    plant(f"{head}/de/mahnung.cpp", _commented(GERMAN, "//") + '''int mahngebuehr(int tage_verzug, bool grosskunde) {
    const int frist = grosskunde ? 45 : 30;
    if (tage_verzug <= frist) return 0;
    const int stufe = (tage_verzug - frist) / 14 + 1;
    return stufe > 4 ? 4000 : stufe * 1000;
}
''', kind, "windows-1252 (German) with a euro sign and low quotation marks, which ISO-8859-1 does not have.",
          encoding="windows-1252", contains=GERMAN)

    plant(f"{head}/pl/opady.cpp", _commented(POLISH, "//") + '''double srednia_opadow(const double* probki, int liczba) {
    double suma = 0.0;
    int wazne = 0;
    for (int i = 0; i < liczba; ++i) {
        if (probki[i] < 0.0) continue;
        suma += probki[i];
        ++wazne;
    }
    return wazne == 0 ? 0.0 : suma / wazne;
}
''', kind, "windows-1250 (Polish).", encoding="windows-1250", contains=POLISH)

    plant(f"{head}/ru/Peresadka.java", _commented(RUSSIAN, "//") + '''public final class Peresadka {
    static int sleduyushchiyReys(int[] otpravleniya, int pribytie, int peresadka) {
        for (int otpravlenie : otpravleniya) {
            if (otpravlenie >= pribytie + peresadka) {
                return otpravlenie;
            }
        }
        return otpravleniya[0] + 24 * 60;
    }
}
''', kind, "windows-1251 (Russian).", encoding="windows-1251", contains=RUSSIAN)

    plant(f"{head}/ru/vlazhnost.py", "# -*- coding: koi8-r -*-\n" + _commented(RUSSIAN_SHORTER, "#") + '''

def srednyaya_vlazhnost(pokazaniya):
    tselye = [znachenie for znachenie in pokazaniya if znachenie > 0]
    if not tselye:
        return None
    return round(sum(tselye) / len(tselye))
''', kind, "KOI8-R (Russian), with Python's own line that names the encoding.", encoding="koi8-r", contains=RUSSIAN_SHORTER)

    plant(f"{head}/ja/unread.js", _commented(JAPANESE, "//") + '''export function unreadCount(messages, lastRead, ownId) {
  let unread = 0;
  for (const message of messages) {
    if (message.deleted || message.sender === ownId) continue;
    if (message.time > lastRead) unread += 1;
  }
  return unread > 100 ? 99 : unread;
}
''', kind, "Shift_JIS (Japanese).", encoding="shift_jis", contains=JAPANESE)

    plant(f"{head}/ja/Keiro.java", _commented(JAPANESE_ROUTES, "//") + '''public final class Keiro {
    record Kukan(int from, int to, int metres, boolean suspended) {}

    static int totalMetres(java.util.List<Kukan> route) {
        return route.stream().filter(kukan -> !kukan.suspended()).mapToInt(Kukan::metres).sum();
    }
}
''', kind, "EUC-JP (Japanese).", encoding="euc-jp", contains=JAPANESE_ROUTES)

    plant(f"{head}/zh/balance.php", "<?php\n" + _commented(CHINESE, "//") + '''function month_balance(array $entries, int $month): float
{
    $balance = 0;
    foreach ($entries as $entry) {
        if ($entry['reversed'] || $entry['month'] !== $month) {
            continue;
        }
        $balance += $entry['fen'];
    }
    return round($balance / 100, 2);
}
''', kind, "GB18030 (simplified Chinese).", encoding="gb18030", also=("gbk", "gb2312"), contains=CHINESE)

    plant(f"{head}/zh/day_mean.cpp", _commented(CHINESE_TRADITIONAL, "//") + '''struct HourSample {
    double degrees;
    bool missing;
};

double day_mean(const HourSample (&hours)[24]) {
    double total = 0.0;
    int present = 0;
    for (const auto& hour : hours) {
        if (!hour.missing) {
            total += hour.degrees;
            ++present;
        }
    }
    return present ? total / present : -273.15;
}
''', kind, "Big5 (traditional Chinese).", encoding="big5", contains=CHINESE_TRADITIONAL)

    plant(f"{head}/ko/member_list.js", _commented(KOREAN, "//") + '''export function memberList(members) {
  const shown = members.filter((member) => !member.blocked);
  shown.sort((left, right) => Number(right.admin) - Number(left.admin) || right.spokeAt - left.spokeAt);
  return { shown, blocked: members.length - shown.length };
}
''', kind, "EUC-KR (Korean).", encoding="euc-kr", also=("ks_c_5601-1987", "windows-949"), contains=KOREAN)

    plant(f"{head}/broken/half_pairs.java", codecs.BOM_UTF16_LE + "// Saved by an editor that cut pairs in two: ".encode("utf-16-le")
          + b"\x3d\xd8\x41\x00\x00\xdc\x42\x00\x3d\xd8" + ("\nfinal class HalfPairs {\n    static final int COUNT = 3;\n}\n" * 2).encode("utf-16-le"),
          kind, "Says UTF-16 by its byte order mark and holds halves of surrogate pairs: no decoding is right, so it goes.",
          stage="preprocess", reason="undecodable", encoding=None, valid=False)
    plant(f"{head}/broken/mark_that_lies.py", codecs.BOM_UTF8 + b"# The mark promises UTF-8, the bytes are not: \xc3\x28 \xe2\x82 \xff\xfe \x80\x81\n"
          + b"def crossings(levels):\n    return sum(1 for left, right in zip(levels, levels[1:]) if left * right < 0)\n",
          kind, "Says UTF-8 by its byte order mark and is not UTF-8 after it: guessing another encoding would mangle it, so it goes.",
          stage="preprocess", reason="undecodable", encoding=None, valid=False)
