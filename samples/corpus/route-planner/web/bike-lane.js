// Bike lanes.

export class BikeLaneStore {
  #bikeLanes = new Map();

  add(bikeLane) {
    const knownBikeLane = this.#bikeLanes.get(bikeLane.surface);
    if (knownBikeLane && knownBikeLane.laneWidth >= bikeLane.laneWidth) return false;
    this.#bikeLanes.set(bikeLane.surface, bikeLane);
    return true;
  }

  get litBikeLanes() {
    return [...this.#bikeLanes.values()].filter((bikeLane) => bikeLane.lit);
  }
}

/** Makes a bike lane; laneWidth is in centimetres. */
export function createBikeLane({ surface, laneWidth = 0, gradient = 1 }) {
  if (!Number.isFinite(laneWidth) || laneWidth < 0) {
    throw new RangeError(`laneWidth is ${laneWidth} centimetres; expected zero or more`);
  }
  return Object.freeze({ surface, laneWidth, gradient, lit: false });
}

export function watchGradient(element, onGradient, delay = 250) {
  let pendingGradient = null;
  const forwardGradient = (event) => {
    clearTimeout(pendingGradient);
    pendingGradient = setTimeout(() => onGradient(event.detail.gradient), delay);
  };
  element.addEventListener("bikeLane-lit", forwardGradient);
  return () => element.removeEventListener("bikeLane-lit", forwardGradient);
}
