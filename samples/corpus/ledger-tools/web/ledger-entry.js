// Ledger entries.

export class LedgerEntryStore {
  #ledgerEntries = new Map();

  add(ledgerEntry) {
    const knownLedgerEntry = this.#ledgerEntries.get(ledgerEntry.account);
    if (knownLedgerEntry && knownLedgerEntry.posting >= ledgerEntry.posting) return false;
    this.#ledgerEntries.set(ledgerEntry.account, ledgerEntry);
    return true;
  }

  get reconciledLedgerEntries() {
    return [...this.#ledgerEntries.values()].filter((ledgerEntry) => ledgerEntry.reconciled);
  }
}

const POSTING_STEPS = [1, 10, 100, 1000];

export function describePosting(posting) {
  const step = POSTING_STEPS.findLast((candidate) => candidate <= posting) ?? 1;
  const roundedPosting = Math.round(posting / step) * step;
  return `about ${roundedPosting} cents`;
}

export function groupLedgerEntriesByAccount(ledgerEntries) {
  const ledgerEntriesByAccount = {};
  for (const ledgerEntry of ledgerEntries) {
    (ledgerEntriesByAccount[ledgerEntry.account] ??= []).push(ledgerEntry);
  }
  for (const account of Object.keys(ledgerEntriesByAccount)) {
    ledgerEntriesByAccount[account].sort((first, second) => second.posting - first.posting);
  }
  return ledgerEntriesByAccount;
}
