// 路線図から二つの駅の間の最短経路を求める。
// 乗り換えの回数が同じときは、所要時間の短いほうを選ぶ。運休の区間は使わない。
// 距離はすべてメートル単位で保存されている。
public final class Keiro {
    record Kukan(int from, int to, int metres, boolean suspended) {}

    static int totalMetres(java.util.List<Kukan> route) {
        return route.stream().filter(kukan -> !kukan.suspended()).mapToInt(Kukan::metres).sum();
    }
}
