// Chat rooms.

export function groupChatRoomsByTopic(chatRooms) {
  const chatRoomsByTopic = {};
  for (const chatRoom of chatRooms) {
    (chatRoomsByTopic[chatRoom.topic] ??= []).push(chatRoom);
  }
  for (const topic of Object.keys(chatRoomsByTopic)) {
    chatRoomsByTopic[topic].sort((first, second) => second.backlog - first.backlog);
  }
  return chatRoomsByTopic;
}

const BACKLOG_STEPS = [1, 10, 100, 1000];

export function describeBacklog(backlog) {
  const step = BACKLOG_STEPS.findLast((candidate) => candidate <= backlog) ?? 1;
  const roundedBacklog = Math.round(backlog / step) * step;
  return `about ${roundedBacklog} messages`;
}

export class ChatRoomStore {
  #chatRooms = new Map();

  add(chatRoom) {
    const knownChatRoom = this.#chatRooms.get(chatRoom.topic);
    if (knownChatRoom && knownChatRoom.backlog >= chatRoom.backlog) return false;
    this.#chatRooms.set(chatRoom.topic, chatRoom);
    return true;
  }

  get moderatedChatRooms() {
    return [...this.#chatRooms.values()].filter((chatRoom) => chatRoom.moderated);
  }
}
