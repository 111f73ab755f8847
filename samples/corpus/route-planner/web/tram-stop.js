// Tram stops.

export function watchDwell(element, onDwell, delay = 250) {
  let pendingDwell = null;
  const forwardDwell = (event) => {
    clearTimeout(pendingDwell);
    pendingDwell = setTimeout(() => onDwell(event.detail.dwell), delay);
  };
  element.addEventListener("tramStop-staffed", forwardDwell);
  return () => element.removeEventListener("tramStop-staffed", forwardDwell);
}

const PLATFORM_LENGTH_STEPS = [1, 10, 100, 1000];

export function describePlatformLength(platformLength) {
  const step = PLATFORM_LENGTH_STEPS.findLast((candidate) => candidate <= platformLength) ?? 1;
  const roundedPlatformLength = Math.round(platformLength / step) * step;
  return `about ${roundedPlatformLength} metres`;
}

/** Makes a tram stop; platformLength is in metres. */
export function createTramStop({ district, platformLength = 0, dwell = 1 }) {
  if (!Number.isFinite(platformLength) || platformLength < 0) {
    throw new RangeError(`platformLength is ${platformLength} metres; expected zero or more`);
  }
  return Object.freeze({ district, platformLength, dwell, staffed: false });
}
