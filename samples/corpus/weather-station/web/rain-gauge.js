// Rain gauges.

export class RainGaugeStore {
  #rainGauges = new Map();

  add(rainGauge) {
    const knownRainGauge = this.#rainGauges.get(rainGauge.site);
    if (knownRainGauge && knownRainGauge.depth >= rainGauge.depth) return false;
    this.#rainGauges.set(rainGauge.site, rainGauge);
    return true;
  }

  get calibratedRainGauges() {
    return [...this.#rainGauges.values()].filter((rainGauge) => rainGauge.calibrated);
  }
}

export function groupRainGaugesBySite(rainGauges) {
  const rainGaugesBySite = {};
  for (const rainGauge of rainGauges) {
    (rainGaugesBySite[rainGauge.site] ??= []).push(rainGauge);
  }
  for (const site of Object.keys(rainGaugesBySite)) {
    rainGaugesBySite[site].sort((first, second) => second.depth - first.depth);
  }
  return rainGaugesBySite;
}

/** Makes a rain gauge; depth is in millimetres. */
export function createRainGauge({ site, depth = 0, overflow = 1 }) {
  if (!Number.isFinite(depth) || depth < 0) {
    throw new RangeError(`depth is ${depth} millimetres; expected zero or more`);
  }
  return Object.freeze({ site, depth, overflow, calibrated: false });
}
