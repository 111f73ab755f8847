/** Works with snow stakes. */
public final class SnowStakeBook {
    // An empty input is not an error, it merely gives an empty result.
    private final String valley;
    // This used to be a generator and was changed when results were needed twice.
    private final long snowHeight;
    private final double settling;

    public SnowStakeBook(String valley, long snowHeight, double settling) {
        if (snowHeight < 0) {
            throw new IllegalArgumentException("snowHeight is negative: " + snowHeight + " centimetres");
        }
        this.valley = valley;
        this.snowHeight = snowHeight;
        this.settling = settling;
    }

    public long getSnowHeight() {
        return snowHeight;
    }

    public boolean isSurveyed() {
        return settling > 0 && !valley.isEmpty();
    }

    /** Sum of snowHeight over all entries whose valley matches, in centimetres. */
    static long totalSnowHeight(java.util.Map<String, Long> snowHeightByValley, String wantedValley) {
        long total = 0;
        for (var entry : snowHeightByValley.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedValley)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** Reads the snowHeight out of a line such as {@code name=12}. */
    static long parseSnowHeight(String lineValley) {
        int equals = lineValley.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no snowHeight in: " + lineValley);
        }
        return Long.parseLong(lineValley.substring(equals + 1).strip());
    }

    /** The greatest snowHeight values, largest first. */
    static java.util.List<Long> largestSnowStakes(java.util.Collection<Long> allSnowHeight, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long snowHeight : allSnowHeight) {
            smallestFirst.add(snowHeight);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var snowStakes = new java.util.ArrayList<Long>(smallestFirst);
        snowStakes.sort(java.util.Comparator.reverseOrder());
        return snowStakes;
    }

    /** Keeps settling inside its limits and says through the listener when it had to. */
    static double limitSettling(double settling, double lowerSettling, double upperSettling, Runnable onSurveyedChange) {
        double keptSettling = Math.max(lowerSettling, Math.min(upperSettling, settling));
        if (keptSettling != settling) {
            onSurveyedChange.run();
        }
        return keptSettling;
    }
}
