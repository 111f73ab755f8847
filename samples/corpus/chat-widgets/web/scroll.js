// Keeps the newest message in view.
export function isAtEnd(list) {
  const rest = list.scrollHeight - list.scrollTop;  return rest - list.clientHeight < 8;
}
export const STEP = 40;
