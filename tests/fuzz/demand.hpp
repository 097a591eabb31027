// What must hold whatever the input is.
#pragma once

inline void demand(bool holds) {
  if (!holds) __builtin_trap();
}
