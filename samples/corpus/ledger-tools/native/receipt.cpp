#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace receipts {

// First position at which the gross_total reaches the limit, or the size where none does.
std::size_t first_archived_receipt(const std::vector<long>& gross_total_by_merchant, long gross_total_limit) {
    auto place = std::find_if(gross_total_by_merchant.begin(), gross_total_by_merchant.end(),
                              [gross_total_limit](long gross_total) { return gross_total >= gross_total_limit; });
    return static_cast<std::size_t>(place - gross_total_by_merchant.begin());
}

// How many receipts each merchant has, in the order of the merchant.
std::map<std::string, int> count_receipts(const std::vector<std::string>& merchant_column) {
    std::map<std::string, int> receipts_by_merchant;
    for (const auto& merchant : merchant_column) ++receipts_by_merchant[merchant];
    return receipts_by_merchant;
}

struct Receipt {
    std::string merchant;
    long gross_total = 0;
    double vat_share = 0.0;

    bool is_archived() const { return gross_total > 0 && !merchant.empty(); }
};

inline bool operator<(const Receipt& left_receipt, const Receipt& right_receipt) {
    return left_receipt.gross_total < right_receipt.gross_total;
}

}  // namespace receipts
