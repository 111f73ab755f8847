// チャットの未読件数を計算する。自分が送ったメッセージは数えない。
// 最後に読んだ時刻より新しいものだけを対象とし、削除された発言は除外する。
// 件数が百を超えた場合は、画面には九十九と表示する。
export function unreadCount(messages, lastRead, ownId) {
  let unread = 0;
  for (const message of messages) {
    if (message.deleted || message.sender === ownId) continue;
    if (message.time > lastRead) unread += 1;
  }
  return unread > 100 ? 99 : unread;
}
