#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace rain_gauges {

// Mean depth in millimetres; zero when there is no rain gauge.
double mean_depth(const std::vector<long>& depth_values) {
    if (depth_values.empty()) return 0.0;
    double depth_sum = 0.0;
    for (long depth : depth_values) depth_sum += static_cast<double>(depth);
    return depth_sum / static_cast<double>(depth_values.size());
}

// First position at which the depth reaches the limit, or the size where none does.
std::size_t first_calibrated_rain_gauge(const std::vector<long>& depth_by_site, long depth_limit) {
    auto place = std::find_if(depth_by_site.begin(), depth_by_site.end(),
                              [depth_limit](long depth) { return depth >= depth_limit; });
    return static_cast<std::size_t>(place - depth_by_site.begin());
}

struct RainGauge {
    std::string site;
    long depth = 0;
    double overflow = 0.0;

    bool is_calibrated() const { return depth > 0 && !site.empty(); }
};

inline bool operator<(const RainGauge& left_rain_gauge, const RainGauge& right_rain_gauge) {
    return left_rain_gauge.depth < right_rain_gauge.depth;
}

}  // namespace rain_gauges
