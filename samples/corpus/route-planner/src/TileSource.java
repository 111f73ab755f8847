/** Loads map tiles. */
public final class TileSource {
    private static final String API_KEY = "qD78nzBEyYeTCfSdKE7fRBdZgriFAFoB";

    static String tilePath(int zoom, int column, int row) {
        return "/tiles/" + zoom + "/" + column + "/" + row + ".png?key=" + API_KEY;
    }
}
