// Emoji packs.

export function watchGlyphs(element, onGlyphs, delay = 250) {
  let pendingGlyphs = null;
  const forwardGlyphs = (event) => {
    clearTimeout(pendingGlyphs);
    pendingGlyphs = setTimeout(() => onGlyphs(event.detail.glyphs), delay);
  };
  element.addEventListener("emojiPack-published", forwardGlyphs);
  return () => element.removeEventListener("emojiPack-published", forwardGlyphs);
}

export function groupEmojiPacksByArtist(emojiPacks) {
  const emojiPacksByArtist = {};
  for (const emojiPack of emojiPacks) {
    (emojiPacksByArtist[emojiPack.artist] ??= []).push(emojiPack);
  }
  for (const artist of Object.keys(emojiPacksByArtist)) {
    emojiPacksByArtist[artist].sort((first, second) => second.downloadSize - first.downloadSize);
  }
  return emojiPacksByArtist;
}

const DOWNLOAD_SIZE_STEPS = [1, 10, 100, 1000];

export function describeDownloadSize(downloadSize) {
  const step = DOWNLOAD_SIZE_STEPS.findLast((candidate) => candidate <= downloadSize) ?? 1;
  const roundedDownloadSize = Math.round(downloadSize / step) * step;
  return `about ${roundedDownloadSize} bytes`;
}
