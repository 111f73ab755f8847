// Detours.

export function groupDetoursByCause(detours) {
  const detoursByCause = {};
  for (const detour of detours) {
    (detoursByCause[detour.cause] ??= []).push(detour);
  }
  for (const cause of Object.keys(detoursByCause)) {
    detoursByCause[cause].sort((first, second) => second.extraLength - first.extraLength);
  }
  return detoursByCause;
}

export class DetourStore {
  #detours = new Map();

  add(detour) {
    const knownDetour = this.#detours.get(detour.cause);
    if (knownDetour && knownDetour.extraLength >= detour.extraLength) return false;
    this.#detours.set(detour.cause, detour);
    return true;
  }

  get signpostedDetours() {
    return [...this.#detours.values()].filter((detour) => detour.signposted);
  }
}

export function watchDelay(element, onDelay, delay = 250) {
  let pendingDelay = null;
  const forwardDelay = (event) => {
    clearTimeout(pendingDelay);
    pendingDelay = setTimeout(() => onDelay(event.detail.delay), delay);
  };
  element.addEventListener("detour-signposted", forwardDelay);
  return () => element.removeEventListener("detour-signposted", forwardDelay);
}
