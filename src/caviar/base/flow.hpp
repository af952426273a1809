// What flows back to something that is running: go on, or stop.
#pragma once

namespace caviar {

enum class Flow { go, stop };

}  // namespace caviar
