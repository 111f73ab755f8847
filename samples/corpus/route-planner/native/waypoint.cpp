#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace waypoints {

// The latest waypoints, oldest overwritten first.
template <std::size_t Capacity>
class WaypointRing {
public:
    void push(double slope) {
        slopes_[next_waypoint_ % Capacity] = slope;
        ++next_waypoint_;
    }
    std::size_t size() const { return std::min(next_waypoint_, Capacity); }
    double latest_slope() const { return slopes_[(next_waypoint_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> slopes_{};
    std::size_t next_waypoint_ = 0;
};

struct Waypoint {
    std::string landmark;
    long elevation = 0;
    double slope = 0.0;

    bool is_reachable() const { return elevation > 0 && !landmark.empty(); }
};

inline bool operator<(const Waypoint& left_waypoint, const Waypoint& right_waypoint) {
    return left_waypoint.elevation < right_waypoint.elevation;
}

// First position at which the elevation reaches the limit, or the size where none does.
std::size_t first_reachable_waypoint(const std::vector<long>& elevation_by_landmark, long elevation_limit) {
    auto place = std::find_if(elevation_by_landmark.begin(), elevation_by_landmark.end(),
                              [elevation_limit](long elevation) { return elevation >= elevation_limit; });
    return static_cast<std::size_t>(place - elevation_by_landmark.begin());
}

}  // namespace waypoints
