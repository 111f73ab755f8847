// Oblicza œredni¹ wysokoœæ opadów dla ka¿dej stacji w ci¹gu doby.
// Je¿eli czujnik nie zg³osi³ siê przez godzinê, jego wartoœci s¹ pomijane, a b³¹d trafia do dziennika.
// Próbki s¹ ju¿ posortowane wed³ug czasu, wiêc wystarczy jedno przejœcie przez tablicê.
// ród³o wzoru: podrêcznik s³u¿by meteorologicznej, rozdzia³ o pomiarach ci¹g³ych.
double srednia_opadow(const double* probki, int liczba) {
    double suma = 0.0;
    int wazne = 0;
    for (int i = 0; i < liczba; ++i) {
        if (probki[i] < 0.0) continue;
        suma += probki[i];
        ++wazne;
    }
    return wazne == 0 ? 0.0 : suma / wazne;
}
