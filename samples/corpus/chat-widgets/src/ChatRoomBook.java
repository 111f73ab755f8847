/** Works with chat rooms. */
public final class ChatRoomBook {
    /** The greatest backlog values, largest first. */
    static java.util.List<Long> largestChatRooms(java.util.Collection<Long> allBacklog, int count) {
        var smallestFirst = new java.util.PriorityQueue<Long>();
        for (Long backlog : allBacklog) {
            smallestFirst.add(backlog);
            if (smallestFirst.size() > count) {
                smallestFirst.remove();
            }
        }
        var chatRooms = new java.util.ArrayList<Long>(smallestFirst);
        chatRooms.sort(java.util.Comparator.reverseOrder());
        return chatRooms;
    }

    /** Reads the backlog out of a line such as {@code name=12}. */
    static long parseBacklog(String lineTopic) {
        int equals = lineTopic.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no backlog in: " + lineTopic);
        }
        return Long.parseLong(lineTopic.substring(equals + 1).strip());
    }

    /** Sum of backlog over all entries whose topic matches, in messages. */
    static long totalBacklog(java.util.Map<String, Long> backlogByTopic, String wantedTopic) {
        long total = 0;
        for (var entry : backlogByTopic.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(wantedTopic)) {
                total = Math.addExact(total, entry.getValue());
            }
        }
        return total;
    }
}
