// Avatars.

const EDGE_LENGTH_STEPS = [1, 10, 100, 1000];

export function describeEdgeLength(edgeLength) {
  const step = EDGE_LENGTH_STEPS.findLast((candidate) => candidate <= edgeLength) ?? 1;
  const roundedEdgeLength = Math.round(edgeLength / step) * step;
  return `about ${roundedEdgeLength} pixels`;
}

export function groupAvatarsByPalette(avatars) {
  const avatarsByPalette = {};
  for (const avatar of avatars) {
    (avatarsByPalette[avatar.palette] ??= []).push(avatar);
  }
  for (const palette of Object.keys(avatarsByPalette)) {
    avatarsByPalette[palette].sort((first, second) => second.edgeLength - first.edgeLength);
  }
  return avatarsByPalette;
}

export function watchCrop(element, onCrop, delay = 250) {
  let pendingCrop = null;
  const forwardCrop = (event) => {
    clearTimeout(pendingCrop);
    pendingCrop = setTimeout(() => onCrop(event.detail.crop), delay);
  };
  element.addEventListener("avatar-cached", forwardCrop);
  return () => element.removeEventListener("avatar-cached", forwardCrop);
}
