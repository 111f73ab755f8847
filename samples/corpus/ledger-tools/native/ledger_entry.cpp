#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace ledger_entrys {

// Mean posting in cents; zero when there is no ledger entry.
double mean_posting(const std::vector<long>& posting_values) {
    if (posting_values.empty()) return 0.0;
    double posting_sum = 0.0;
    for (long posting : posting_values) posting_sum += static_cast<double>(posting);
    return posting_sum / static_cast<double>(posting_values.size());
}

// The latest ledger_entries, oldest overwritten first.
template <std::size_t Capacity>
class LedgerEntryRing {
public:
    void push(double balance) {
        balances_[next_ledger_entry_ % Capacity] = balance;
        ++next_ledger_entry_;
    }
    std::size_t size() const { return std::min(next_ledger_entry_, Capacity); }
    double latest_balance() const { return balances_[(next_ledger_entry_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> balances_{};
    std::size_t next_ledger_entry_ = 0;
};

// First position at which the posting reaches the limit, or the size where none does.
std::size_t first_reconciled_ledger_entry(const std::vector<long>& posting_by_account, long posting_limit) {
    auto place = std::find_if(posting_by_account.begin(), posting_by_account.end(),
                              [posting_limit](long posting) { return posting >= posting_limit; });
    return static_cast<std::size_t>(place - posting_by_account.begin());
}

}  // namespace ledger_entrys
