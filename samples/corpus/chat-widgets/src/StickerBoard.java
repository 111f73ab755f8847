/** Works with stickers. */
public final class StickerBoard {
    /** The greatest frameCount values, largest first. */
    static java.util.List<Long> largestStickers(java.util.Collection<Long> allFrameCount, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long frameCount : allFrameCount) {
            smallestFirst.add(frameCount);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var stickers = new java.util.ArrayList<Long>(smallestFirst);
        stickers.sort(java.util.Comparator.reverseOrder());
        return stickers;
    }

    /** Keeps scale inside its limits and says through the listener when it had to. */
    static double limitScale(double scale, double lowerScale, double upperScale, Runnable onAnimatedChange) {
        double keptScale = Math.max(lowerScale, Math.min(upperScale, scale));
        if (keptScale != scale) {
            onAnimatedChange.run();
        }
        return keptScale;
    }

    private final String mood;
    private final long frameCount;
    private final double scale;

    public StickerBoard(String mood, long frameCount, double scale) {
        if (frameCount < 0) {
            throw new IllegalArgumentException("frameCount is negative: " + frameCount + " frames");
        }
        this.mood = mood;
        this.frameCount = frameCount;
        this.scale = scale;
    }

    public long getFrameCount() {
        return frameCount;
    }

    public boolean isAnimated() {
        return scale > 0 && !mood.isEmpty();
    }
}
