#include <map>
#include <string>
#include <vector>

namespace bike_lanes {

// Mean lane_width in centimetres; zero when there is no bike lane.
double mean_lane_width(const std::vector<long>& lane_width_values) {
    if (lane_width_values.empty()) return 0.0;
    double lane_width_sum = 0.0;
    for (long lane_width : lane_width_values) lane_width_sum += static_cast<double>(lane_width);
    return lane_width_sum / static_cast<double>(lane_width_values.size());
}

struct BikeLane {
    std::string surface;
    long lane_width = 0;
    double gradient = 0.0;

    bool is_lit() const { return lane_width > 0 && !surface.empty(); }
};

inline bool operator<(const BikeLane& left_bike_lane, const BikeLane& right_bike_lane) {
    return left_bike_lane.lane_width < right_bike_lane.lane_width;
}

// How many bike_lanes each surface has, in the order of the surface.
std::map<std::string, int> count_bike_lanes(const std::vector<std::string>& surface_column) {
    std::map<std::string, int> bike_lanes_by_surface;
    for (const auto& surface : surface_column) ++bike_lanes_by_surface[surface];
    return bike_lanes_by_surface;
}

}  // namespace bike_lanes
