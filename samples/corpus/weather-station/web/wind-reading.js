// Wind readings.

const GUST_STEPS = [1, 10, 100, 1000];

export function describeGust(gust) {
  const step = GUST_STEPS.findLast((candidate) => candidate <= gust) ?? 1;
  const roundedGust = Math.round(gust / step) * step;
  return `about ${roundedGust} metres per second`;
}

export function watchBearing(element, onBearing, delay = 250) {
  let pendingBearing = null;
  const forwardBearing = (event) => {
    clearTimeout(pendingBearing);
    pendingBearing = setTimeout(() => onBearing(event.detail.bearing), delay);
  };
  element.addEventListener("windReading-plausible", forwardBearing);
  return () => element.removeEventListener("windReading-plausible", forwardBearing);
}

export class WindReadingStore {
  #windReadings = new Map();

  add(windReading) {
    const knownWindReading = this.#windReadings.get(windReading.mast);
    if (knownWindReading && knownWindReading.gust >= windReading.gust) return false;
    this.#windReadings.set(windReading.mast, windReading);
    return true;
  }

  get plausibleWindReadings() {
    return [...this.#windReadings.values()].filter((windReading) => windReading.plausible);
  }
}
