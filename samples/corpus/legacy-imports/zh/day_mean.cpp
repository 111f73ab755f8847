// 計算每個氣象站一整天的平均氣溫，遺失的資料不列入計算。
// 若連續三個小時沒有收到訊號，系統會通知值班人員並停止更新圖表。
// 所有時間都使用當地時間，夏季不另外調整。
struct HourSample {
    double degrees;
    bool missing;
};

double day_mean(const HourSample (&hours)[24]) {
    double total = 0.0;
    int present = 0;
    for (const auto& hour : hours) {
        if (!hour.missing) {
            total += hour.degrees;
            ++present;
        }
    }
    return present ? total / present : -273.15;
}
