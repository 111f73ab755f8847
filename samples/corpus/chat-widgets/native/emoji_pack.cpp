#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace emoji_packs {

// How many emoji_packs each artist has, in the order of the artist.
std::map<std::string, int> count_emoji_packs(const std::vector<std::string>& artist_column) {
    std::map<std::string, int> emoji_packs_by_artist;
    for (const auto& artist : artist_column) ++emoji_packs_by_artist[artist];
    return emoji_packs_by_artist;
}

// First position at which the download_size reaches the limit, or the size where none does.
std::size_t first_published_emoji_pack(const std::vector<long>& download_size_by_artist, long download_size_limit) {
    auto place = std::find_if(download_size_by_artist.begin(), download_size_by_artist.end(),
                              [download_size_limit](long download_size) { return download_size >= download_size_limit; });
    return static_cast<std::size_t>(place - download_size_by_artist.begin());
}

// The latest emoji_packs, oldest overwritten first.
template <std::size_t Capacity>
class EmojiPackRing {
public:
    void push(double glyphs) {
        glyphss_[next_emoji_pack_ % Capacity] = glyphs;
        ++next_emoji_pack_;
    }
    std::size_t size() const { return std::min(next_emoji_pack_, Capacity); }
    double latest_glyphs() const { return glyphss_[(next_emoji_pack_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> glyphss_{};
    std::size_t next_emoji_pack_ = 0;
};

}  // namespace emoji_packs
