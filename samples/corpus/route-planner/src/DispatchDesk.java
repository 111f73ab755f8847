/**
 * Reaches the dispatch desk. London answers on +44 20 7946 0958 by day,
 * Berlin on +49 30 901820 by night.
 */
public final class DispatchDesk {
    private static final String NEW_YORK_PHONE = "(212) 555-0187";

    static String phoneAt(int hour) {
        return hour < 6 ? NEW_YORK_PHONE : "see above";
    }
}
