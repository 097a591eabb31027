// YAML that is written: all of it is put together from these.
//
// Documents go through yaml-cpp's emitter. Manifests for people to apply do not: they carry
// comments and lists on one line, as people write them. yaml-cpp 0.7 puts a comment between two
// entries of a list at the end of the line before ("- verbs: [get]  # why the next is needed"), and
// left to itself writes texts plain that YAML reads as something else: true, yes, on, 1e3,
// 012, 1.5.
#pragma once
#include <string>
#include <string_view>

namespace kube {

// A JSON document as YAML, members in the same order, every text in double quotes. (U+FFFE,
// U+FFFF and their like, which are no characters, become U+FFFD: yaml-cpp writes them so.) Both
// write hidden characters as escapes and hold no command of a CI system's log
// (base::visible_document).
std::string yaml_text(std::string_view json);

// A text on one line, as a value or an entry of a list: plain where YAML 1.1 and 1.2 can only read
// it as that text, else in double quotes. Names of a cluster are always plain; a file may hold
// anything.
std::string yaml_scalar(std::string_view text);

// A text of several lines as the value of a key, to the end of its last line: a literal block
// indented by `indent` blanks; in double quotes where a block could not hold it or its lines would
// not be safe to show.
std::string yaml_block(std::string_view text, std::size_t indent);

}  // namespace kube
