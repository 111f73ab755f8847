// Stickers.

export function groupStickersByMood(stickers) {
  const stickersByMood = {};
  for (const sticker of stickers) {
    (stickersByMood[sticker.mood] ??= []).push(sticker);
  }
  for (const mood of Object.keys(stickersByMood)) {
    stickersByMood[mood].sort((first, second) => second.frameCount - first.frameCount);
  }
  return stickersByMood;
}

export function watchScale(element, onScale, delay = 250) {
  let pendingScale = null;
  const forwardScale = (event) => {
    clearTimeout(pendingScale);
    pendingScale = setTimeout(() => onScale(event.detail.scale), delay);
  };
  element.addEventListener("sticker-animated", forwardScale);
  return () => element.removeEventListener("sticker-animated", forwardScale);
}

/** Makes a sticker; frameCount is in frames. */
export function createSticker({ mood, frameCount = 0, scale = 1 }) {
  if (!Number.isFinite(frameCount) || frameCount < 0) {
    throw new RangeError(`frameCount is ${frameCount} frames; expected zero or more`);
  }
  return Object.freeze({ mood, frameCount, scale, animated: false });
}
