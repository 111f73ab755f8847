#include <string>
#include <vector>

// The first mirror moved from 93.184.216.34 in spring; old firmware still calls it.
std::vector<std::string> mirror_addresses() {
    return {"93.184.216.34", "151.101.65.69", "2606:2800:220:1:248:1893:25c8:1946"};
}

bool is_mirror(const std::string& peer) {
    for (const std::string& mirror : mirror_addresses()) {
        if (mirror == peer) return true;
    }
    return false;
}
