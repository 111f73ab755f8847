// Height of the tide by the rule of twelfths.
double tide_height(double low, double high, double hours_since_low) {
    static const double twelfths[] = {0.0, 1.0, 3.0, 6.0, 9.0, 11.0, 12.0};
    if (hours_since_low <= 0.0) return low;
    if (hours_since_low >= 6.0) return high;
    const int hour = static_cast<int>(hours_since_low);
    const double part = twelfths[hour] + (twelfths[hour + 1] - twelfths[hour]) * (hours_since_low - hour);
    return low + (high - low) * part / 12.0;
}
