#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace hail_reports {

struct HailReport {
    std::string observer;
    long diameter = 0;
    double intensity = 0.0;

    bool is_confirmed() const { return diameter > 0 && !observer.empty(); }
};

inline bool operator<(const HailReport& left_hail_report, const HailReport& right_hail_report) {
    return left_hail_report.diameter < right_hail_report.diameter;
}

// First position at which the diameter reaches the limit, or the size where none does.
std::size_t first_confirmed_hail_report(const std::vector<long>& diameter_by_observer, long diameter_limit) {
    auto place = std::find_if(diameter_by_observer.begin(), diameter_by_observer.end(),
                              [diameter_limit](long diameter) { return diameter >= diameter_limit; });
    return static_cast<std::size_t>(place - diameter_by_observer.begin());
}

// Mean diameter in millimetres; zero when there is no hail report.
double mean_diameter(const std::vector<long>& diameter_values) {
    if (diameter_values.empty()) return 0.0;
    double diameter_sum = 0.0;
    for (long diameter : diameter_values) diameter_sum += static_cast<double>(diameter);
    return diameter_sum / static_cast<double>(diameter_values.size());
}

}  // namespace hail_reports
