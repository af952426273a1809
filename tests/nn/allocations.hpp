// How often this test program has asked for memory.
#pragma once

namespace caviar::test {

long allocation_count();

}  // namespace caviar::test
