/** Works with subscriptions. */
public final class SubscriptionService {
    /** Keeps trialDays inside its limits and says through the listener when it had to. */
    static double limitTrialDays(double trialDays, double lowerTrialDays, double upperTrialDays, Runnable onCancelledChange) {
        double keptTrialDays = Math.max(lowerTrialDays, Math.min(upperTrialDays, trialDays));
        if (keptTrialDays != trialDays) {
            onCancelledChange.run();
        }
        return keptTrialDays;
    }

    private final String plan;
    private final long monthlyFee;
    private final double trialDays;

    public SubscriptionService(String plan, long monthlyFee, double trialDays) {
        if (monthlyFee < 0) {
            throw new IllegalArgumentException("monthlyFee is negative: " + monthlyFee + " cents");
        }
        this.plan = plan;
        this.monthlyFee = monthlyFee;
        this.trialDays = trialDays;
    }

    public long getMonthlyFee() {
        return monthlyFee;
    }

    public boolean isCancelled() {
        return trialDays > 0 && !plan.isEmpty();
    }

    /** Sum of monthlyFee over all entries whose plan matches, in cents. */
    static long totalMonthlyFee(java.util.Map<String, Long> monthlyFeeByPlan, String wantedPlan) {
        long total = 0;
        for (var entry : monthlyFeeByPlan.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedPlan)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }
}
