// Barometers.

export function groupBarometersByCabinet(barometers) {
  const barometersByCabinet = {};
  for (const barometer of barometers) {
    (barometersByCabinet[barometer.cabinet] ??= []).push(barometer);
  }
  for (const cabinet of Object.keys(barometersByCabinet)) {
    barometersByCabinet[cabinet].sort((first, second) => second.pressure - first.pressure);
  }
  return barometersByCabinet;
}

/** Makes a barometer; pressure is in hectopascals. */
export function createBarometer({ cabinet, pressure = 0, drift = 1 }) {
  if (!Number.isFinite(pressure) || pressure < 0) {
    throw new RangeError(`pressure is ${pressure} hectopascals; expected zero or more`);
  }
  return Object.freeze({ cabinet, pressure, drift, trusted: false });
}

const PRESSURE_STEPS = [1, 10, 100, 1000];

export function describePressure(pressure) {
  const step = PRESSURE_STEPS.findLast((candidate) => candidate <= pressure) ?? 1;
  const roundedPressure = Math.round(pressure / step) * step;
  return `about ${roundedPressure} hectopascals`;
}
