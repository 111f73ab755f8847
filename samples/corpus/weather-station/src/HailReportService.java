/** Works with hail reports. */
public final class HailReportService {
    private final String observer;
    private final long diameter;
    private final double intensity;

    public HailReportService(String observer, long diameter, double intensity) {
        if (diameter < 0) {
            throw new IllegalArgumentException("diameter is negative: " + diameter + " millimetres");
        }
        this.observer = observer;
        this.diameter = diameter;
        this.intensity = intensity;
    }

    public long getDiameter() {
        return diameter;
    }

    public boolean isConfirmed() {
        return intensity > 0 && !observer.isEmpty();
    }

    /** The greatest diameter values, largest first. */
    static java.util.List<Long> largestHailReports(java.util.Collection<Long> allDiameter, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long diameter : allDiameter) {
            smallestFirst.add(diameter);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var hailReports = new java.util.ArrayList<Long>(smallestFirst);
        hailReports.sort(java.util.Comparator.reverseOrder());
        return hailReports;
    }

    /** Sum of diameter over all entries whose observer matches, in millimetres. */
    static long totalDiameter(java.util.Map<String, Long> diameterByObserver, String wantedObserver) {
        long total = 0;
        for (var entry : diameterByObserver.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedObserver)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }
}
