/** Length of the day. */
public final class DayLength {
    static double hours(double latitude, int dayOfYear) {
        double tilt = 0.409 * Math.sin(2 * Math.PI * dayOfYear / 365 - 1.39);










        double cosine = -Math.tan(Math.toRadians(latitude)) * Math.tan(tilt);
        return 24 / Math.PI * Math.acos(Math.max(-1, Math.min(1, cosine)));
    }
}
