#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace sunshine_logs {

// Mean minutes_lit in minutes; zero when there is no sunshine log.
double mean_minutes_lit(const std::vector<long>& minutes_lit_values) {
    if (minutes_lit_values.empty()) return 0.0;
    double minutes_lit_sum = 0.0;
    for (long minutes_lit : minutes_lit_values) minutes_lit_sum += static_cast<double>(minutes_lit);
    return minutes_lit_sum / static_cast<double>(minutes_lit_values.size());
}

// How many sunshine_logs each roof has, in the order of the roof.
std::map<std::string, int> count_sunshine_logs(const std::vector<std::string>& roof_column) {
    std::map<std::string, int> sunshine_logs_by_roof;
    for (const auto& roof : roof_column) ++sunshine_logs_by_roof[roof];
    return sunshine_logs_by_roof;
}

// The latest sunshine_logs, oldest overwritten first.
template <std::size_t Capacity>
class SunshineLogRing {
public:
    void push(double cloudiness) {
        cloudinesss_[next_sunshine_log_ % Capacity] = cloudiness;
        ++next_sunshine_log_;
    }
    std::size_t size() const { return std::min(next_sunshine_log_, Capacity); }
    double latest_cloudiness() const { return cloudinesss_[(next_sunshine_log_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> cloudinesss_{};
    std::size_t next_sunshine_log_ = 0;
};

}  // namespace sunshine_logs
