//! Frames of the radio link.

use std::fmt;

/// One frame; the checksum is the sum of its bytes.
pub struct Frame<'a> {
    pub station: u16,
    pub payload: &'a [u8],
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum: u32 = self.payload.iter().copied().map(u32::from).sum();
        write!(out, "{:04x}:{:08x}", self.station, sum)
    }
}

pub const EPOCH_SECONDS: u64 = 1_577_836_800;
pub const MASK: u32 = 0xDEAD_BEEF;
