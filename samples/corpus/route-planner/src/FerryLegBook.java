/** Works with ferry legs. */
public final class FerryLegBook {
    private final String harbour;
    private final long crossingTime;
    private final double swell;

    public FerryLegBook(String harbour, long crossingTime, double swell) {
        if (crossingTime < 0) {
            throw new IllegalArgumentException("crossingTime is negative: " + crossingTime + " minutes");
        }
        this.harbour = harbour;
        this.crossingTime = crossingTime;
        this.swell = swell;
    }

    public long getCrossingTime() {
        return crossingTime;
    }

    public boolean isOperating() {
        return swell > 0 && !harbour.isEmpty();
    }

    /** Keeps swell inside its limits and says through the listener when it had to. */
    static double limitSwell(double swell, double lowerSwell, double upperSwell, Runnable onOperatingChange) {
        double keptSwell = Math.max(lowerSwell, Math.min(upperSwell, swell));
        if (keptSwell != swell) {
            onOperatingChange.run();
        }
        return keptSwell;
    }

    /** The greatest crossingTime values, largest first. */
    static java.util.List<Long> largestFerryLegs(java.util.Collection<Long> allCrossingTime, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long crossingTime : allCrossingTime) {
            smallestFirst.add(crossingTime);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var ferryLegs = new java.util.ArrayList<Long>(smallestFirst);
        ferryLegs.sort(java.util.Comparator.reverseOrder());
        return ferryLegs;
    }
}
