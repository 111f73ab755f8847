// Typing hints.

/** Makes a typing hint; idleTime is in milliseconds. */
export function createTypingHint({ author, idleTime = 0, bursts = 1 }) {
  if (!Number.isFinite(idleTime) || idleTime < 0) {
    throw new RangeError(`idleTime is ${idleTime} milliseconds; expected zero or more`);
  }
  return Object.freeze({ author, idleTime, bursts, visible: false });
}

export class TypingHintStore {
  #typingHints = new Map();

  add(typingHint) {
    const knownTypingHint = this.#typingHints.get(typingHint.author);
    if (knownTypingHint && knownTypingHint.idleTime >= typingHint.idleTime) return false;
    this.#typingHints.set(typingHint.author, typingHint);
    return true;
  }

  get visibleTypingHints() {
    return [...this.#typingHints.values()].filter((typingHint) => typingHint.visible);
  }
}

const IDLE_TIME_STEPS = [1, 10, 100, 1000];

export function describeIdleTime(idleTime) {
  const step = IDLE_TIME_STEPS.findLast((candidate) => candidate <= idleTime) ?? 1;
  const roundedIdleTime = Math.round(idleTime / step) * step;
  return `about ${roundedIdleTime} milliseconds`;
}
