/** Works with tram stops. */
public final class TramStopBoard {
    /** Keeps dwell inside its limits and says through the listener when it had to. */
    static double limitDwell(double dwell, double lowerDwell, double upperDwell, Runnable onStaffedChange) {
        double keptDwell = Math.max(lowerDwell, Math.min(upperDwell, dwell));
        if (keptDwell != dwell) {
            onStaffedChange.run();
        }
        return keptDwell;
    }

    /** Reads the platformLength out of a line such as {@code name=12}. */
    static long parsePlatformLength(String lineDistrict) {
        int equals = lineDistrict.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no platformLength in: " + lineDistrict);
        }
        return Long.parseLong(lineDistrict.substring(equals + 1).strip());
    }

    private final String district;
    private final long platformLength;
    private final double dwell;

    public TramStopBoard(String district, long platformLength, double dwell) {
        if (platformLength < 0) {
            throw new IllegalArgumentException("platformLength is negative: " + platformLength + " metres");
        }
        this.district = district;
        this.platformLength = platformLength;
        this.dwell = dwell;
    }

    public long getPlatformLength() {
        return platformLength;
    }

    public boolean isStaffed() {
        return dwell > 0 && !district.isEmpty();
    }
}
