/** Works with invoices. */
public final class InvoiceBook {
    private final String debtor;
    private final long amountDue;
    private final double discount;

    public InvoiceBook(String debtor, long amountDue, double discount) {
        if (amountDue < 0) {
            throw new IllegalArgumentException("amountDue is negative: " + amountDue + " cents");
        }
        this.debtor = debtor;
        this.amountDue = amountDue;
        this.discount = discount;
    }

    public long getAmountDue() {
        return amountDue;
    }

    public boolean isSettled() {
        return discount > 0 && !debtor.isEmpty();
    }

    /** Sum of amountDue over all entries whose debtor matches, in cents. */
    static long totalAmountDue(java.util.Map<String, Long> amountDueByDebtor, String wantedDebtor) {
        long total = 0;
        for (var entry : amountDueByDebtor.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedDebtor)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** Reads the amountDue out of a line such as {@code name=12}. */
    static long parseAmountDue(String lineDebtor) {
        int equals = lineDebtor.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no amountDue in: " + lineDebtor);
        }
        return Long.parseLong(lineDebtor.substring(equals + 1).strip());
    }
}
