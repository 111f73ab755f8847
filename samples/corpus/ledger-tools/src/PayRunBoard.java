/** Works with pay runs. */
public final class PayRunBoard {
    private final String period;
    private final long netSum;
    private final double deductions;

    public PayRunBoard(String period, long netSum, double deductions) {
        if (netSum < 0) {
            throw new IllegalArgumentException("netSum is negative: " + netSum + " cents");
        }
        this.period = period;
        this.netSum = netSum;
        this.deductions = deductions;
    }

    public long getNetSum() {
        return netSum;
    }

    public boolean isReleased() {
        return deductions > 0 && !period.isEmpty();
    }

    /** Reads the netSum out of a line such as {@code name=12}. */
    static long parseNetSum(String linePeriod) {
        int equals = linePeriod.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no netSum in: " + linePeriod);
        }
        return Long.parseLong(linePeriod.substring(equals + 1).strip());
    }

    /** Keeps deductions inside its limits and says through the listener when it had to. */
    static double limitDeductions(double deductions, double lowerDeductions, double upperDeductions, Runnable onReleasedChange) {
        double keptDeductions = Math.max(lowerDeductions, Math.min(upperDeductions, deductions));
        if (keptDeductions != deductions) {
            onReleasedChange.run();
        }
        return keptDeductions;
    }
}
