// Prüft die Fälligkeit einer Rechnung und schlägt die Mahngebühr auf.
// Für „Großkunden“ gilt eine längere Frist; die Gebühr beträgt höchstens 40 € je Mahnung.
// Änderungen müssen mit der Buchhaltung abgestimmt werden – sonst stimmen die Übersichten nicht.
int mahngebuehr(int tage_verzug, bool grosskunde) {
    const int frist = grosskunde ? 45 : 30;
    if (tage_verzug <= frist) return 0;
    const int stufe = (tage_verzug - frist) / 14 + 1;
    return stufe > 4 ? 4000 : stufe * 1000;
}
