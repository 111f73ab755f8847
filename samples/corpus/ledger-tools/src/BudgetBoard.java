/** Works with budgets. */
public final class BudgetBoard {
    /** Reads the ceiling out of a line such as {@code name=12}. */
    static long parseCeiling(String lineDepartment) {
        int equals = lineDepartment.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no ceiling in: " + lineDepartment);
        }
        return Long.parseLong(lineDepartment.substring(equals + 1).strip());
    }

    /** The greatest ceiling values, largest first. */
    static java.util.List<Long> largestBudgets(java.util.Collection<Long> allCeiling, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long ceiling : allCeiling) {
            smallestFirst.add(ceiling);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var budgets = new java.util.ArrayList<Long>(smallestFirst);
        budgets.sort(java.util.Comparator.reverseOrder());
        return budgets;
    }

    /** Keeps reserve inside its limits and says through the listener when it had to. */
    static double limitReserve(double reserve, double lowerReserve, double upperReserve, Runnable onApprovedChange) {
        double keptReserve = Math.max(lowerReserve, Math.min(upperReserve, reserve));
        if (keptReserve != reserve) {
            onApprovedChange.run();
        }
        return keptReserve;
    }
}
