// Вычисляет кратчайший путь между двумя остановками по расписанию.
// Если пересадка занимает больше времени, чем стоянка, рейс пропускается и берётся следующий.
// Все времена хранятся в минутах от полуночи, поэтому переход через сутки обрабатывается отдельно.
public final class Peresadka {
    static int sleduyushchiyReys(int[] otpravleniya, int pribytie, int peresadka) {
        for (int otpravlenie : otpravleniya) {
            if (otpravlenie >= pribytie + peresadka) {
                return otpravlenie;
            }
        }
        return otpravleniya[0] + 24 * 60;
    }
}
