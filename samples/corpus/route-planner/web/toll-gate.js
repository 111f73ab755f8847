// Toll gates.

const CHARGE_STEPS = [1, 10, 100, 1000];

export function describeCharge(charge) {
  const step = CHARGE_STEPS.findLast((candidate) => candidate <= charge) ?? 1;
  const roundedCharge = Math.round(charge / step) * step;
  return `about ${roundedCharge} cents`;
}

export class TollGateStore {
  #tollGates = new Map();

  add(tollGate) {
    const knownTollGate = this.#tollGates.get(tollGate.motorway);
    if (knownTollGate && knownTollGate.charge >= tollGate.charge) return false;
    this.#tollGates.set(tollGate.motorway, tollGate);
    return true;
  }

  get automaticTollGates() {
    return [...this.#tollGates.values()].filter((tollGate) => tollGate.automatic);
  }
}

/** Makes a toll gate; charge is in cents. */
export function createTollGate({ motorway, charge = 0, queue = 1 }) {
  if (!Number.isFinite(charge) || charge < 0) {
    throw new RangeError(`charge is ${charge} cents; expected zero or more`);
  }
  return Object.freeze({ motorway, charge, queue, automatic: false });
}
