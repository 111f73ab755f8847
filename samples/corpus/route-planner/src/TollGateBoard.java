/** Works with toll gates. */
public final class TollGateBoard {
    /** Reads the charge out of a line such as {@code name=12}. */
    static long parseCharge(String lineMotorway) {
        int equals = lineMotorway.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no charge in: " + lineMotorway);
        }
        return Long.parseLong(lineMotorway.substring(equals + 1).strip());
    }

    /** Sum of charge over all entries whose motorway matches, in cents. */
    static long totalCharge(java.util.Map<String, Long> chargeByMotorway, String wantedMotorway) {
        long total = 0;
        for (var entry : chargeByMotorway.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedMotorway)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    private final String motorway;
    private final long charge;
    private final double queue;

    public TollGateBoard(String motorway, long charge, double queue) {
        if (charge < 0) {
            throw new IllegalArgumentException("charge is negative: " + charge + " cents");
        }
        this.motorway = motorway;
        this.charge = charge;
        this.queue = queue;
    }

    public long getCharge() {
        return charge;
    }

    public boolean isAutomatic() {
        return queue > 0 && !motorway.isEmpty();
    }
}
