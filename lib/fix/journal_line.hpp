// Lines of a journal, each sealed to the one before it: what was damaged, cut out or put between
// shows. Who can write the file can also forge the seals: they show damage, not intent.
#pragma once
#include <string>
#include <string_view>

namespace fix {

class Seal {
 public:
  // The line with its seal as last member: {"event":"end","hash":"…"}. `object`: a JSON object in
  // one line, not empty.
  std::string sealed(std::string_view object);
  // Whether this line follows the one before; takes it as the last one if so.
  bool follows(std::string_view line);

 private:
  std::string last_;  // hex SHA-256 over the seal before and the line without its own
};

// Its last member is a seal.
bool is_sealed(std::string_view line);

}  // namespace fix
