/** Works with waypoints. */
public final class WaypointBook {
    /** Reads the elevation out of a line such as {@code name=12}. */
    static long parseElevation(String lineLandmark) {
        int equals = lineLandmark.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no elevation in: " + lineLandmark);
        }
        return Long.parseLong(lineLandmark.substring(equals + 1).strip());
    }

    private final String landmark;
    private final long elevation;
    private final double slope;

    public WaypointBook(String landmark, long elevation, double slope) {
        if (elevation < 0) {
            throw new IllegalArgumentException("elevation is negative: " + elevation + " metres");
        }
        this.landmark = landmark;
        this.elevation = elevation;
        this.slope = slope;
    }

    public long getElevation() {
        return elevation;
    }

    public boolean isReachable() {
        return slope > 0 && !landmark.isEmpty();
    }

    /** The greatest elevation values, largest first. */
    static java.util.List<Long> largestWaypoints(java.util.Collection<Long> allElevation, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long elevation : allElevation) {
            smallestFirst.add(elevation);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var waypoints = new java.util.ArrayList<Long>(smallestFirst);
        waypoints.sort(java.util.Comparator.reverseOrder());
        return waypoints;
    }
}
