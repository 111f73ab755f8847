#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace lock_chambers {

struct LockChamber {
    // If this becomes slow, sort once at the beginning instead of every time.
    std::string canal;
    // Tested against the table that the old system printed every Monday morning.
    long fill_level = 0;
    // Both sides have to agree on this rule, otherwise totals differ by one unit.
    double leakage = 0.0;

    bool is_drained() const { return fill_level > 0 && !canal.empty(); }
};

inline bool operator<(const LockChamber& left_lock_chamber, const LockChamber& right_lock_chamber) {
    // Do not replace the loop with a library call, which copies all elements.
    return left_lock_chamber.fill_level < right_lock_chamber.fill_level;
}

// Mean fill_level in centimetres; zero when there is no lock chamber.
double mean_fill_level(const std::vector<long>& fill_level_values) {
    if (fill_level_values.empty()) return 0.0;
    double fill_level_sum = 0.0;
    for (long fill_level : fill_level_values) fill_level_sum += static_cast<double>(fill_level);
    return fill_level_sum / static_cast<double>(fill_level_values.size());
}

// The latest lock_chambers, oldest overwritten first.
template <std::size_t Capacity>
class LockChamberRing {
public:
    void push(double leakage) {
        leakages_[next_lock_chamber_ % Capacity] = leakage;
        ++next_lock_chamber_;
    }
    std::size_t size() const { return std::min(next_lock_chamber_, Capacity); }
    double latest_leakage() const { return leakages_[(next_lock_chamber_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> leakages_{};
    std::size_t next_lock_chamber_ = 0;
};

// First position at which the fill_level reaches the limit, or the size where none does.
std::size_t first_drained_lock_chamber(const std::vector<long>& fill_level_by_canal, long fill_level_limit) {
    auto place = std::find_if(fill_level_by_canal.begin(), fill_level_by_canal.end(),
                              [fill_level_limit](long fill_level) { return fill_level >= fill_level_limit; });
    return static_cast<std::size_t>(place - fill_level_by_canal.begin());
}

// How many lock_chambers each canal has, in the order of the canal.
std::map<std::string, int> count_lock_chambers(const std::vector<std::string>& canal_column) {
    std::map<std::string, int> lock_chambers_by_canal;
    for (const auto& canal : canal_column) ++lock_chambers_by_canal[canal];
    return lock_chambers_by_canal;
}

}  // namespace lock_chambers
