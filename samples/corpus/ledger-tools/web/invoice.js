// Invoices.

/** Makes a invoice; amountDue is in cents. */
export function createInvoice({ debtor, amountDue = 0, discount = 1 }) {
  if (!Number.isFinite(amountDue) || amountDue < 0) {
    throw new RangeError(`amountDue is ${amountDue} cents; expected zero or more`);
  }
  return Object.freeze({ debtor, amountDue, discount, settled: false });
}

export class InvoiceStore {
  #invoices = new Map();

  add(invoice) {
    const knownInvoice = this.#invoices.get(invoice.debtor);
    if (knownInvoice && knownInvoice.amountDue >= invoice.amountDue) return false;
    this.#invoices.set(invoice.debtor, invoice);
    return true;
  }

  get settledInvoices() {
    return [...this.#invoices.values()].filter((invoice) => invoice.settled);
  }
}

const AMOUNT_DUE_STEPS = [1, 10, 100, 1000];

export function describeAmountDue(amountDue) {
  const step = AMOUNT_DUE_STEPS.findLast((candidate) => candidate <= amountDue) ?? 1;
  const roundedAmountDue = Math.round(amountDue / step) * step;
  return `about ${roundedAmountDue} cents`;
}
