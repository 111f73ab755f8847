/** Works with receipts. */
public final class ReceiptBook {
    /** The greatest grossTotal values, largest first. */
    static java.util.List<Long> largestReceipts(java.util.Collection<Long> allGrossTotal, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long grossTotal : allGrossTotal) {
            smallestFirst.add(grossTotal);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var receipts = new java.util.ArrayList<Long>(smallestFirst);
        receipts.sort(java.util.Comparator.reverseOrder());
        return receipts;
    }

    /** Keeps vatShare inside its limits and says through the listener when it had to. */
    static double limitVatShare(double vatShare, double lowerVatShare, double upperVatShare, Runnable onArchivedChange) {
        double keptVatShare = Math.max(lowerVatShare, Math.min(upperVatShare, vatShare));
        if (keptVatShare != vatShare) {
            onArchivedChange.run();
        }
        return keptVatShare;
    }

    private final String merchant;
    private final long grossTotal;
    private final double vatShare;

    public ReceiptBook(String merchant, long grossTotal, double vatShare) {
        if (grossTotal < 0) {
            throw new IllegalArgumentException("grossTotal is negative: " + grossTotal + " cents");
        }
        this.merchant = merchant;
        this.grossTotal = grossTotal;
        this.vatShare = vatShare;
    }

    public long getGrossTotal() {
        return grossTotal;
    }

    public boolean isArchived() {
        return vatShare > 0 && !merchant.isEmpty();
    }
}
