/** Works with rain gauges. */
public final class RainGaugeBook {
    /** Sum of depth over all entries whose site matches, in millimetres. */
    static long totalDepth(java.util.Map<String, Long> depthBySite, String wantedSite) {
        long total = 0;
        for (var entry : depthBySite.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedSite)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** The greatest depth values, largest first. */
    static java.util.List<Long> largestRainGauges(java.util.Collection<Long> allDepth, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long depth : allDepth) {
            smallestFirst.add(depth);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var rainGauges = new java.util.ArrayList<Long>(smallestFirst);
        rainGauges.sort(java.util.Comparator.reverseOrder());
        return rainGauges;
    }

    private final String site;
    private final long depth;
    private final double overflow;

    public RainGaugeBook(String site, long depth, double overflow) {
        if (depth < 0) {
            throw new IllegalArgumentException("depth is negative: " + depth + " millimetres");
        }
        this.site = site;
        this.depth = depth;
        this.overflow = overflow;
    }

    public long getDepth() {
        return depth;
    }

    public boolean isCalibrated() {
        return overflow > 0 && !site.isEmpty();
    }
}
