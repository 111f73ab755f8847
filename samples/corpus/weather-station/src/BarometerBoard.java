/** Works with barometers. */
public final class BarometerBoard {
    /** The greatest pressure values, largest first. */
    static java.util.List<Long> largestBarometers(java.util.Collection<Long> allPressure, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long pressure : allPressure) {
            smallestFirst.add(pressure);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var barometers = new java.util.ArrayList<Long>(smallestFirst);
        barometers.sort(java.util.Comparator.reverseOrder());
        return barometers;
    }

    private final String cabinet;
    private final long pressure;
    private final double drift;

    public BarometerBoard(String cabinet, long pressure, double drift) {
        if (pressure < 0) {
            throw new IllegalArgumentException("pressure is negative: " + pressure + " hectopascals");
        }
        this.cabinet = cabinet;
        this.pressure = pressure;
        this.drift = drift;
    }

    public long getPressure() {
        return pressure;
    }

    public boolean isTrusted() {
        return drift > 0 && !cabinet.isEmpty();
    }

    /** Reads the pressure out of a line such as {@code name=12}. */
    static long parsePressure(String lineCabinet) {
        int equals = lineCabinet.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no pressure in: " + lineCabinet);
        }
        return Long.parseLong(lineCabinet.substring(equals + 1).strip());
    }
}
