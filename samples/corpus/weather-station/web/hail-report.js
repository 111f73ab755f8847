// Hail reports.

/** Makes a hail report; diameter is in millimetres. */
export function createHailReport({ observer, diameter = 0, intensity = 1 }) {
  if (!Number.isFinite(diameter) || diameter < 0) {
    throw new RangeError(`diameter is ${diameter} millimetres; expected zero or more`);
  }
  return Object.freeze({ observer, diameter, intensity, confirmed: false });
}

export function groupHailReportsByObserver(hailReports) {
  const hailReportsByObserver = {};
  for (const hailReport of hailReports) {
    (hailReportsByObserver[hailReport.observer] ??= []).push(hailReport);
  }
  for (const observer of Object.keys(hailReportsByObserver)) {
    hailReportsByObserver[observer].sort((first, second) => second.diameter - first.diameter);
  }
  return hailReportsByObserver;
}

export class HailReportStore {
  #hailReports = new Map();

  add(hailReport) {
    const knownHailReport = this.#hailReports.get(hailReport.observer);
    if (knownHailReport && knownHailReport.diameter >= hailReport.diameter) return false;
    this.#hailReports.set(hailReport.observer, hailReport);
    return true;
  }

  get confirmedHailReports() {
    return [...this.#hailReports.values()].filter((hailReport) => hailReport.confirmed);
  }
}
