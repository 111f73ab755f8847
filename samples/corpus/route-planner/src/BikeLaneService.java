/** Works with bike lanes. */
public final class BikeLaneService {
    /** Sum of laneWidth over all entries whose surface matches, in centimetres. */
    static long totalLaneWidth(java.util.Map<String, Long> laneWidthBySurface, String wantedSurface) {
        long total = 0;
        for (var entry : laneWidthBySurface.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedSurface)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    private final String surface;
    private final long laneWidth;
    private final double gradient;

    public BikeLaneService(String surface, long laneWidth, double gradient) {
        if (laneWidth < 0) {
            throw new IllegalArgumentException("laneWidth is negative: " + laneWidth + " centimetres");
        }
        this.surface = surface;
        this.laneWidth = laneWidth;
        this.gradient = gradient;
    }

    public long getLaneWidth() {
        return laneWidth;
    }

    public boolean isLit() {
        return gradient > 0 && !surface.isEmpty();
    }

    /** Keeps gradient inside its limits and says through the listener when it had to. */
    static double limitGradient(double gradient, double lowerGradient, double upperGradient, Runnable onLitChange) {
        double keptGradient = Math.max(lowerGradient, Math.min(upperGradient, gradient));
        if (keptGradient != gradient) {
            onLitChange.run();
        }
        return keptGradient;
    }
}
