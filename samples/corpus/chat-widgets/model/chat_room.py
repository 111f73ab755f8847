"""Chat rooms: what is known of each topic."""

from collections import deque
from dataclasses import dataclass, field
import bisect


def find_chat_room_near(sorted_chat_rooms, target_backlog):
    """Index of the chat room whose backlog is closest to the target; the lower one of a tie."""
    keys = [chat_room.backlog for chat_room in sorted_chat_rooms]
    place = bisect.bisect_left(keys, target_backlog)
    if place == 0:
        return 0
    if place == len(keys):
        return place - 1
    below, above = keys[place - 1], keys[place]
    return place if above - target_backlog < target_backlog - below else place - 1


@dataclass(frozen=True)
class ChatRoom:
    """One chat room; backlog is in messages."""

    topic: str
    backlog: int
    members: float = 0.0
    tags: tuple = field(default=())

    def is_moderated(self) -> bool:
        return "moderated" in self.tags and self.backlog > 0

    def with_backlog(self, value: int) -> "ChatRoom":
        if value < 0:
            raise ValueError(f"backlog is {value} messages; it cannot be negative")
        return ChatRoom(self.topic, value, self.members, self.tags)


class ChatRoomWindow:
    """Moving mean of the last few backlog values."""

    def __init__(self, size=12):
        self._chat_rooms = deque(maxlen=size)
        self._sum_backlog = 0

    def push(self, backlog):
        if len(self._chat_rooms) == self._chat_rooms.maxlen:
            self._sum_backlog -= self._chat_rooms[0]
        self._chat_rooms.append(backlog)
        self._sum_backlog += backlog
        return self._sum_backlog / len(self._chat_rooms)
