/** Works with avatars. */
public final class AvatarService {
    /** Reads the edgeLength out of a line such as {@code name=12}. */
    static long parseEdgeLength(String linePalette) {
        int equals = linePalette.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no edgeLength in: " + linePalette);
        }
        return Long.parseLong(linePalette.substring(equals + 1).strip());
    }

    /** The greatest edgeLength values, largest first. */
    static java.util.List<Long> largestAvatars(java.util.Collection<Long> allEdgeLength, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long edgeLength : allEdgeLength) {
            smallestFirst.add(edgeLength);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var avatars = new java.util.ArrayList<Long>(smallestFirst);
        avatars.sort(java.util.Comparator.reverseOrder());
        return avatars;
    }

    /** Keeps crop inside its limits and says through the listener when it had to. */
    static double limitCrop(double crop, double lowerCrop, double upperCrop, Runnable onCachedChange) {
        double keptCrop = Math.max(lowerCrop, Math.min(upperCrop, crop));
        if (keptCrop != crop) {
            onCachedChange.run();
        }
        return keptCrop;
    }
}
