// Subscriptions.

export function watchTrialDays(element, onTrialDays, delay = 250) {
  let pendingTrialDays = null;
  const forwardTrialDays = (event) => {
    clearTimeout(pendingTrialDays);
    pendingTrialDays = setTimeout(() => onTrialDays(event.detail.trialDays), delay);
  };
  element.addEventListener("subscription-cancelled", forwardTrialDays);
  return () => element.removeEventListener("subscription-cancelled", forwardTrialDays);
}

/** Makes a subscription; monthlyFee is in cents. */
export function createSubscription({ plan, monthlyFee = 0, trialDays = 1 }) {
  if (!Number.isFinite(monthlyFee) || monthlyFee < 0) {
    throw new RangeError(`monthlyFee is ${monthlyFee} cents; expected zero or more`);
  }
  return Object.freeze({ plan, monthlyFee, trialDays, cancelled: false });
}

export class SubscriptionStore {
  #subscriptions = new Map();

  add(subscription) {
    const knownSubscription = this.#subscriptions.get(subscription.plan);
    if (knownSubscription && knownSubscription.monthlyFee >= subscription.monthlyFee) return false;
    this.#subscriptions.set(subscription.plan, subscription);
    return true;
  }

  get cancelledSubscriptions() {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.cancelled);
  }
}
