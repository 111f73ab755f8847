#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace detours {

// First position at which the extra_length reaches the limit, or the size where none does.
std::size_t first_signposted_detour(const std::vector<long>& extra_length_by_cause, long extra_length_limit) {
    auto place = std::find_if(extra_length_by_cause.begin(), extra_length_by_cause.end(),
                              [extra_length_limit](long extra_length) { return extra_length >= extra_length_limit; });
    return static_cast<std::size_t>(place - extra_length_by_cause.begin());
}

// Mean extra_length in metres; zero when there is no detour.
double mean_extra_length(const std::vector<long>& extra_length_values) {
    if (extra_length_values.empty()) return 0.0;
    double extra_length_sum = 0.0;
    for (long extra_length : extra_length_values) extra_length_sum += static_cast<double>(extra_length);
    return extra_length_sum / static_cast<double>(extra_length_values.size());
}

// How many detours each cause has, in the order of the cause.
std::map<std::string, int> count_detours(const std::vector<std::string>& cause_column) {
    std::map<std::string, int> detours_by_cause;
    for (const auto& cause : cause_column) ++detours_by_cause[cause];
    return detours_by_cause;
}

}  // namespace detours
