#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace toll_gates {

// The latest toll_gates, oldest overwritten first.
template <std::size_t Capacity>
class TollGateRing {
public:
    void push(double queue) {
        queues_[next_toll_gate_ % Capacity] = queue;
        ++next_toll_gate_;
    }
    std::size_t size() const { return std::min(next_toll_gate_, Capacity); }
    double latest_queue() const { return queues_[(next_toll_gate_ - 1) % Capacity]; }

private:
    std::array<double, Capacity> queues_{};
    std::size_t next_toll_gate_ = 0;
};

// Mean charge in cents; zero when there is no toll gate.
double mean_charge(const std::vector<long>& charge_values) {
    if (charge_values.empty()) return 0.0;
    double charge_sum = 0.0;
    for (long charge : charge_values) charge_sum += static_cast<double>(charge);
    return charge_sum / static_cast<double>(charge_values.size());
}

struct TollGate {
    std::string motorway;
    long charge = 0;
    double queue = 0.0;

    bool is_automatic() const { return charge > 0 && !motorway.empty(); }
};

inline bool operator<(const TollGate& left_toll_gate, const TollGate& right_toll_gate) {
    return left_toll_gate.charge < right_toll_gate.charge;
}

}  // namespace toll_gates
