#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace wind_readings {

// The latest wind_readings, oldest overwritten first.
template <std::size_t Capacity>
class WindReadingRing {
public:
    void push(double bearing) {
        bearings_[next_wind_reading_ % Capacity] = bearing;
        ++next_wind_reading_;
    }
    std::size_t size() const { return std::min(next_wind_reading_, Capacity); }
    double latest_bearing() const { return bearings_[(next_wind_reading_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> bearings_{};
    std::size_t next_wind_reading_ = 0;
};

// How many wind_readings each mast has, in the order of the mast.
std::map<std::string, int> count_wind_readings(const std::vector<std::string>& mast_column) {
    std::map<std::string, int> wind_readings_by_mast;
    for (const auto& mast : mast_column) ++wind_readings_by_mast[mast];
    return wind_readings_by_mast;
}

// Mean gust in metres per second; zero when there is no wind reading.
double mean_gust(const std::vector<long>& gust_values) {
    if (gust_values.empty()) return 0.0;
    double gust_sum = 0.0;
    for (long gust : gust_values) gust_sum += static_cast<double>(gust);
    return gust_sum / static_cast<double>(gust_values.size());
}

}  // namespace wind_readings
