#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace toasts {

// Mean lifetime in milliseconds; zero when there is no toast.
double mean_lifetime(const std::vector<long>& lifetime_values) {
    if (lifetime_values.empty()) return 0.0;
    double lifetime_sum = 0.0;
    for (long lifetime : lifetime_values) lifetime_sum += static_cast<double>(lifetime);
    return lifetime_sum / static_cast<double>(lifetime_values.size());
}

// The latest toasts, oldest overwritten first.
template <std::size_t Capacity>
class ToastRing {
public:
    void push(double priority) {
        prioritys_[next_toast_ % Capacity] = priority;
        ++next_toast_;
    }
    std::size_t size() const { return std::min(next_toast_, Capacity); }
    double latest_priority() const { return prioritys_[(next_toast_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> prioritys_{};
    std::size_t next_toast_ = 0;
};

// First position at which the lifetime reaches the limit, or the size where none does.
std::size_t first_dismissed_toast(const std::vector<long>& lifetime_by_headline, long lifetime_limit) {
    auto place = std::find_if(lifetime_by_headline.begin(), lifetime_by_headline.end(),
                              [lifetime_limit](long lifetime) { return lifetime >= lifetime_limit; });
    return static_cast<std::size_t>(place - lifetime_by_headline.begin());
}

}  // namespace toasts
