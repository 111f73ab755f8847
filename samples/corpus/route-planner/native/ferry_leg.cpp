#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ferry_legs {

struct FerryLeg {
    std::string harbour;
    long crossing_time = 0;
    double swell = 0.0;

    bool is_operating() const { return crossing_time > 0 && !harbour.empty(); }
};

inline bool operator<(const FerryLeg& left_ferry_leg, const FerryLeg& right_ferry_leg) {
    return left_ferry_leg.crossing_time < right_ferry_leg.crossing_time;
}

// How many ferry_legs each harbour has, in the order of the harbour.
std::map<std::string, int> count_ferry_legs(const std::vector<std::string>& harbour_column) {
    std::map<std::string, int> ferry_legs_by_harbour;
    for (const auto& harbour : harbour_column) ++ferry_legs_by_harbour[harbour];
    return ferry_legs_by_harbour;
}

// First position at which the crossing_time reaches the limit, or the size where none does.
std::size_t first_operating_ferry_leg(const std::vector<long>& crossing_time_by_harbour, long crossing_time_limit) {
    auto place = std::find_if(crossing_time_by_harbour.begin(), crossing_time_by_harbour.end(),
                              [crossing_time_limit](long crossing_time) { return crossing_time >= crossing_time_limit; });
    return static_cast<std::size_t>(place - crossing_time_by_harbour.begin());
}

}  // namespace ferry_legs
