<?php
// 根据每个账户的流水计算当月余额，已经冲销的记录不参与计算。
// 如果同一天有多笔交易，则按照入账的先后顺序处理，避免出现负数。
// 结果保留两位小数，单位为元。
function month_balance(array $entries, int $month): float
{
    $balance = 0;
    foreach ($entries as $entry) {
        if ($entry['reversed'] || $entry['month'] !== $month) {
            continue;
        }
        $balance += $entry['fen'];
    }
    return round($balance / 100, 2);
}
