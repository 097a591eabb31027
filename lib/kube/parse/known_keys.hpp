// Keys that nearly every object has.
#pragma once
#include <string_view>

namespace kube {

// The same key as text of the program itself; empty: it is none of them. Shared by all documents,
// these texts are in the processor's cache when an object is looked at, however many files the
// objects come from.
std::string_view known_key(std::string_view key);

}  // namespace kube
