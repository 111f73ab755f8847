/** Which ship lies where. */
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
