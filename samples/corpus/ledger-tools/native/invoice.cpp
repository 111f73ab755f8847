#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace invoices {

struct Invoice {
    std::string debtor;
    long amount_due = 0;
    double discount = 0.0;

    bool is_settled() const { return amount_due > 0 && !debtor.empty(); }
};

inline bool operator<(const Invoice& left_invoice, const Invoice& right_invoice) {
    return left_invoice.amount_due < right_invoice.amount_due;
}

// Mean amount_due in cents; zero when there is no invoice.
double mean_amount_due(const std::vector<long>& amount_due_values) {
    if (amount_due_values.empty()) return 0.0;
    double amount_due_sum = 0.0;
    for (long amount_due : amount_due_values) amount_due_sum += static_cast<double>(amount_due);
    return amount_due_sum / static_cast<double>(amount_due_values.size());
}

// The latest invoices, oldest overwritten first.
template <std::size_t Capacity>
class InvoiceRing {
public:
    void push(double discount) {
        discounts_[next_invoice_ % Capacity] = discount;
        ++next_invoice_;
    }
    std::size_t size() const { return std::min(next_invoice_, Capacity); }
    double latest_discount() const { return discounts_[(next_invoice_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> discounts_{};
    std::size_t next_invoice_ = 0;
};

}  // namespace invoices
