// Calcule le délai de préavis après la résiliation d'un abonnement.
// Le montant prélevé à l'échéance précédente reste dû, même si la période n'est pas achevée.
// Les jours fériés sont comptés comme des jours ouvrés : c'est la règle fixée par le comité.
public final class Preavis {
    static int joursRestants(int joursPayes, int joursUtilises, boolean finDeMois) {
        int reste = Math.max(0, joursPayes - joursUtilises);
        return finDeMois ? reste + 3 : reste;
    }
}
