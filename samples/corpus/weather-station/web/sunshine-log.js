// Sunshine logs.

export class SunshineLogStore {
  #sunshineLogs = new Map();

  add(sunshineLog) {
    const knownSunshineLog = this.#sunshineLogs.get(sunshineLog.roof);
    if (knownSunshineLog && knownSunshineLog.minutesLit >= sunshineLog.minutesLit) return false;
    this.#sunshineLogs.set(sunshineLog.roof, sunshineLog);
    return true;
  }

  get completeSunshineLogs() {
    return [...this.#sunshineLogs.values()].filter((sunshineLog) => sunshineLog.complete);
  }
}

export function watchCloudiness(element, onCloudiness, delay = 250) {
  let pendingCloudiness = null;
  const forwardCloudiness = (event) => {
    clearTimeout(pendingCloudiness);
    pendingCloudiness = setTimeout(() => onCloudiness(event.detail.cloudiness), delay);
  };
  element.addEventListener("sunshineLog-complete", forwardCloudiness);
  return () => element.removeEventListener("sunshineLog-complete", forwardCloudiness);
}

const MINUTES_LIT_STEPS = [1, 10, 100, 1000];

export function describeMinutesLit(minutesLit) {
  const step = MINUTES_LIT_STEPS.findLast((candidate) => candidate <= minutesLit) ?? 1;
  const roundedMinutesLit = Math.round(minutesLit / step) * step;
  return `about ${roundedMinutesLit} minutes`;
}
