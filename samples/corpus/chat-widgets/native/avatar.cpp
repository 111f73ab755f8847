#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace avatars {

// The latest avatars, oldest overwritten first.
template <std::size_t Capacity>
class AvatarRing {
public:
    void push(double crop) {
        crops_[next_avatar_ % Capacity] = crop;
        ++next_avatar_;
    }
    std::size_t size() const { return std::min(next_avatar_, Capacity); }
    double latest_crop() const { return crops_[(next_avatar_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> crops_{};
    std::size_t next_avatar_ = 0;
};

// First position at which the edge_length reaches the limit, or the size where none does.
std::size_t first_cached_avatar(const std::vector<long>& edge_length_by_palette, long edge_length_limit) {
    auto place = std::find_if(edge_length_by_palette.begin(), edge_length_by_palette.end(),
                              [edge_length_limit](long edge_length) { return edge_length >= edge_length_limit; });
    return static_cast<std::size_t>(place - edge_length_by_palette.begin());
}

// How many avatars each palette has, in the order of the palette.
std::map<std::string, int> count_avatars(const std::vector<std::string>& palette_column) {
    std::map<std::string, int> avatars_by_palette;
    for (const auto& palette : palette_column) ++avatars_by_palette[palette];
    return avatars_by_palette;
}

}  // namespace avatars
