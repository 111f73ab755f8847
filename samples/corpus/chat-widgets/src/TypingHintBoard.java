/** Works with typing hints. */
public final class TypingHintBoard {
    private final String author;
    private final long idleTime;
    private final double bursts;

    public TypingHintBoard(String author, long idleTime, double bursts) {
        if (idleTime < 0) {
            throw new IllegalArgumentException("idleTime is negative: " + idleTime + " milliseconds");
        }
        this.author = author;
        this.idleTime = idleTime;
        this.bursts = bursts;
    }

    public long getIdleTime() {
        return idleTime;
    }

    public boolean isVisible() {
        return bursts > 0 && !author.isEmpty();
    }

    /** Sum of idleTime over all entries whose author matches, in milliseconds. */
    static long totalIdleTime(java.util.Map<String, Long> idleTimeByAuthor, String wantedAuthor) {
        long total = 0;
        for (var entry : idleTimeByAuthor.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedAuthor)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }

    /** Reads the idleTime out of a line such as {@code name=12}. */
    static long parseIdleTime(String lineAuthor) {
        int equals = lineAuthor.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no idleTime in: " + lineAuthor);
        }
        return Long.parseLong(lineAuthor.substring(equals + 1).strip());
    }
}
