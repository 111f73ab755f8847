// Pay runs.

/** Makes a pay run; netSum is in cents. */
export function createPayRun({ period, netSum = 0, deductions = 1 }) {
  if (!Number.isFinite(netSum) || netSum < 0) {
    throw new RangeError(`netSum is ${netSum} cents; expected zero or more`);
  }
  return Object.freeze({ period, netSum, deductions, released: false });
}

const NET_SUM_STEPS = [1, 10, 100, 1000];

export function describeNetSum(netSum) {
  const step = NET_SUM_STEPS.findLast((candidate) => candidate <= netSum) ?? 1;
  const roundedNetSum = Math.round(netSum / step) * step;
  return `about ${roundedNetSum} cents`;
}

export function watchDeductions(element, onDeductions, delay = 250) {
  let pendingDeductions = null;
  const forwardDeductions = (event) => {
    clearTimeout(pendingDeductions);
    pendingDeductions = setTimeout(() => onDeductions(event.detail.deductions), delay);
  };
  element.addEventListener("payRun-released", forwardDeductions);
  return () => element.removeEventListener("payRun-released", forwardDeductions);
}
