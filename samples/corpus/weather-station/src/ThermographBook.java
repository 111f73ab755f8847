/** Works with thermographs. */
public final class ThermographBook {
    /** Keeps lag inside its limits and says through the listener when it had to. */
    static double limitLag(double lag, double lowerLag, double upperLag, Runnable onShadedChange) {
        double keptLag = Math.max(lowerLag, Math.min(upperLag, lag));
        if (keptLag != lag) {
            onShadedChange.run();
        }
        return keptLag;
    }

    /** Sum of warmth over all entries whose hut matches, in kelvins. */
    static long totalWarmth(java.util.Map<String, Long> warmthByHut, String wantedHut) {
        long total = 0;
        for (var entry : warmthByHut.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedHut)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** The greatest warmth values, largest first. */
    static java.util.List<Long> largestThermographs(java.util.Collection<Long> allWarmth, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long warmth : allWarmth) {
            smallestFirst.add(warmth);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var thermographs = new java.util.ArrayList<Long>(smallestFirst);
        thermographs.sort(java.util.Comparator.reverseOrder());
        return thermographs;
    }
}
