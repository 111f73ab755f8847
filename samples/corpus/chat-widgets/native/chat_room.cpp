#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace chat_rooms {

// First position at which the backlog reaches the limit, or the size where none does.
std::size_t first_moderated_chat_room(const std::vector<long>& backlog_by_topic, long backlog_limit) {
    auto place = std::find_if(backlog_by_topic.begin(), backlog_by_topic.end(),
                              [backlog_limit](long backlog) { return backlog >= backlog_limit; });
    return static_cast<std::size_t>(place - backlog_by_topic.begin());
}

// The latest chat_rooms, oldest overwritten first.
template <std::size_t Capacity>
class ChatRoomRing {
public:
    void push(double members) {
        memberss_[next_chat_room_ % Capacity] = members;
        ++next_chat_room_;
    }
    std::size_t size() const { return std::min(next_chat_room_, Capacity); }
    double latest_members() const { return memberss_[(next_chat_room_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> memberss_{};
    std::size_t next_chat_room_ = 0;
};

// Mean backlog in messages; zero when there is no chat room.
double mean_backlog(const std::vector<long>& backlog_values) {
    if (backlog_values.empty()) return 0.0;
    double backlog_sum = 0.0;
    for (long backlog : backlog_values) backlog_sum += static_cast<double>(backlog);
    return backlog_sum / static_cast<double>(backlog_values.size());
}

}  // namespace chat_rooms
