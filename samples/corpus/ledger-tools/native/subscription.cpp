#include <map>
#include <string>
#include <vector>

namespace subscriptions {

// How many subscriptions each plan has, in the order of the plan.
std::map<std::string, int> count_subscriptions(const std::vector<std::string>& plan_column) {
    std::map<std::string, int> subscriptions_by_plan;
    for (const auto& plan : plan_column) ++subscriptions_by_plan[plan];
    return subscriptions_by_plan;
}

struct Subscription {
    std::string plan;
    long monthly_fee = 0;
    double trial_days = 0.0;

    bool is_cancelled() const { return monthly_fee > 0 && !plan.empty(); }
};

inline bool operator<(const Subscription& left_subscription, const Subscription& right_subscription) {
    return left_subscription.monthly_fee < right_subscription.monthly_fee;
}

// Mean monthly_fee in cents; zero when there is no subscription.
double mean_monthly_fee(const std::vector<long>& monthly_fee_values) {
    if (monthly_fee_values.empty()) return 0.0;
    double monthly_fee_sum = 0.0;
    for (long monthly_fee : monthly_fee_values) monthly_fee_sum += static_cast<double>(monthly_fee);
    return monthly_fee_sum / static_cast<double>(monthly_fee_values.size());
}

}  // namespace subscriptions
