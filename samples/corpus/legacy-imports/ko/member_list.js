// 채팅방에 들어온 사용자 목록을 정렬하여 화면에 보여 준다.
// 관리자는 항상 맨 위에 놓이며, 나머지는 마지막으로 말한 시간의 순서를 따른다.
// 차단된 사용자는 목록에서 제외하고 그 수만 따로 표시한다.
export function memberList(members) {
  const shown = members.filter((member) => !member.blocked);
  shown.sort((left, right) => Number(right.admin) - Number(left.admin) || right.spokeAt - left.spokeAt);
  return { shown, blocked: members.length - shown.length };
}
