// How often this test program has asked for memory, and how much it held at most.
#pragma once

namespace caviar::test {

long allocation_count();

// Bytes that are held now, and the most that were since the last call of hold_peak_from_now.
long held_bytes();
long peak_bytes();
void hold_peak_from_now();

}  // namespace caviar::test
