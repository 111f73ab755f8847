#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace stickers {

// First position at which the frame_count reaches the limit, or the size where none does.
std::size_t first_animated_sticker(const std::vector<long>& frame_count_by_mood, long frame_count_limit) {
    auto place = std::find_if(frame_count_by_mood.begin(), frame_count_by_mood.end(),
                              [frame_count_limit](long frame_count) { return frame_count >= frame_count_limit; });
    return static_cast<std::size_t>(place - frame_count_by_mood.begin());
}

// How many stickers each mood has, in the order of the mood.
std::map<std::string, int> count_stickers(const std::vector<std::string>& mood_column) {
    std::map<std::string, int> stickers_by_mood;
    for (const auto& mood : mood_column) ++stickers_by_mood[mood];
    return stickers_by_mood;
}

struct Sticker {
    std::string mood;
    long frame_count = 0;
    double scale = 0.0;

    bool is_animated() const { return frame_count > 0 && !mood.empty(); }
};

inline bool operator<(const Sticker& left_sticker, const Sticker& right_sticker) {
    return left_sticker.frame_count < right_sticker.frame_count;
}

}  // namespace stickers
