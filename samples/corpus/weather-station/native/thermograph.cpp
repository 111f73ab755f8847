#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace thermographs {

// How many thermographs each hut has, in the order of the hut.
std::map<std::string, int> count_thermographs(const std::vector<std::string>& hut_column) {
    std::map<std::string, int> thermographs_by_hut;
    for (const auto& hut : hut_column) ++thermographs_by_hut[hut];
    return thermographs_by_hut;
}

// Mean warmth in kelvins; zero when there is no thermograph.
double mean_warmth(const std::vector<long>& warmth_values) {
    if (warmth_values.empty()) return 0.0;
    double warmth_sum = 0.0;
    for (long warmth : warmth_values) warmth_sum += static_cast<double>(warmth);
    return warmth_sum / static_cast<double>(warmth_values.size());
}

// First position at which the warmth reaches the limit, or the size where none does.
std::size_t first_shaded_thermograph(const std::vector<long>& warmth_by_hut, long warmth_limit) {
    auto place = std::find_if(warmth_by_hut.begin(), warmth_by_hut.end(),
                              [warmth_limit](long warmth) { return warmth >= warmth_limit; });
    return static_cast<std::size_t>(place - warmth_by_hut.begin());
}

}  // namespace thermographs
