/** Names of compass headings. */
public final class Heading {
    private static final String[] NAMES = {"north", "east", "south", "west"};

    static String nameOf(double degrees) {
        int quarter = (int) Math.round(degrees / 90.0) % 4;
        return NAMES[quarter < 0 ? quarter + 4 : quarter];
    }
}
