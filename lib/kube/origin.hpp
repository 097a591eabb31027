// Where an object that was read from files stands in them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace kube {

struct SourceFile {
  std::string name;
  // What could not be read a second time (stdin, a pipe); empty for a file that can.
  std::string text;
};

// One object of a file: the document (0-based, empty ones count), and the items that lead to it
// from there, one for each List or array around it. Borrows from its Snapshot.
struct Origin {
  const SourceFile* file = nullptr;
  std::uint32_t document = 0;
  std::vector<std::uint32_t> items;
  std::uint32_t line = 0;  // of the object
};

}  // namespace kube
