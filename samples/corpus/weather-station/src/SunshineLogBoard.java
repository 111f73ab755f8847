/** Works with sunshine logs. */
public final class SunshineLogBoard {
    /** Sum of minutesLit over all entries whose roof matches, in minutes. */
    static long totalMinutesLit(java.util.Map<String, Long> minutesLitByRoof, String wantedRoof) {
        long total = 0;
        for (var entry : minutesLitByRoof.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedRoof)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** Keeps cloudiness inside its limits and says through the listener when it had to. */
    static double limitCloudiness(double cloudiness, double lowerCloudiness, double upperCloudiness, Runnable onCompleteChange) {
        double keptCloudiness = Math.max(lowerCloudiness, Math.min(upperCloudiness, cloudiness));
        if (keptCloudiness != cloudiness) {
            onCompleteChange.run();
        }
        return keptCloudiness;
    }

    /** Reads the minutesLit out of a line such as {@code name=12}. */
    static long parseMinutesLit(String lineRoof) {
        int equals = lineRoof.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no minutesLit in: " + lineRoof);
        }
        return Long.parseLong(lineRoof.substring(equals + 1).strip());
    }
}
