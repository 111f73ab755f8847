#include <cstdint>
#include <string>

// Listens on 127.0.0.1 and ::1, and inside the station on 192.168.1.254, 10.0.0.7, 172.16.4.20 and fe80::1.
namespace link_layer {

std::uint32_t pack(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    return (std::uint32_t{a} << 24) | (std::uint32_t{b} << 16) | (std::uint32_t{c} << 8) | d;
}

bool is_private(const std::string& address) {
    return address.rfind("192.168.", 0) == 0 || address.rfind("10.", 0) == 0 || address == "0.0.0.0";
}

}  // namespace link_layer
