# -*- coding: koi8-r -*-
# Читает показания датчика влажности и усредняет их за последний час.
# Нулевые значения означают обрыв провода, такие строки не учитываются в среднем.
# Результат округляется до целого процента, потому что точность прибора не выше.


def srednyaya_vlazhnost(pokazaniya):
    tselye = [znachenie for znachenie in pokazaniya if znachenie > 0]
    if not tselye:
        return None
    return round(sum(tselye) / len(tselye))
