/** Works with toasts. */
public final class ToastBook {
    /** Sum of lifetime over all entries whose headline matches, in milliseconds. */
    static long totalLifetime(java.util.Map<String, Long> lifetimeByHeadline, String wantedHeadline) {
        long total = 0;
        for (var entry : lifetimeByHeadline.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedHeadline)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** Reads the lifetime out of a line such as {@code name=12}. */
    static long parseLifetime(String lineHeadline) {
        int equals = lineHeadline.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no lifetime in: " + lineHeadline);
        }
        return Long.parseLong(lineHeadline.substring(equals + 1).strip());
    }

    /** The greatest lifetime values, largest first. */
    static java.util.List<Long> largestToasts(java.util.Collection<Long> allLifetime, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long lifetime : allLifetime) {
            smallestFirst.add(lifetime);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var toasts = new java.util.ArrayList<Long>(smallestFirst);
        toasts.sort(java.util.Comparator.reverseOrder());
        return toasts;
    }
}
