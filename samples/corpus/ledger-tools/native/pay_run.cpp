#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace pay_runs {

struct PayRun {
    std::string period;
    long net_sum = 0;
    double deductions = 0.0;

    bool is_released() const { return net_sum > 0 && !period.empty(); }
};

inline bool operator<(const PayRun& left_pay_run, const PayRun& right_pay_run) {
    return left_pay_run.net_sum < right_pay_run.net_sum;
}

// The latest pay_runs, oldest overwritten first.
template <std::size_t Capacity>
class PayRunRing {
public:
    void push(double deductions) {
        deductionss_[next_pay_run_ % Capacity] = deductions;
        ++next_pay_run_;
    }
    std::size_t size() const { return std::min(next_pay_run_, Capacity); }
    double latest_deductions() const { return deductionss_[(next_pay_run_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> deductionss_{};
    std::size_t next_pay_run_ = 0;
};

// How many pay_runs each period has, in the order of the period.
std::map<std::string, int> count_pay_runs(const std::vector<std::string>& period_column) {
    std::map<std::string, int> pay_runs_by_period;
    for (const auto& period : period_column) ++pay_runs_by_period[period];
    return pay_runs_by_period;
}

}  // namespace pay_runs
