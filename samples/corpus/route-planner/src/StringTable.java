/** A table of short strings, each stored once. */
public final class StringTable {
    private final java.util.HashMap<String, Integer> places = new java.util.HashMap<>();
    private final java.util.ArrayList<String> strings = new java.util.ArrayList<>();

    int placeOf(String text) {
        return places.computeIfAbsent(text, absent -> {
            strings.add(absent);
            return strings.size() - 1;
        });
    }

    String textAt(int place) {
        return strings.get(place);
    }
}
