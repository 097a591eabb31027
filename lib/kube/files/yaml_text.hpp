#pragma once
#include <string>
#include <string_view>

// YAML that is written: all of it is put together from these two.
//
// Documents go through yaml-cpp's emitter. Manifests for people to apply do not: they carry
// comments and lists on one line, as people write them. yaml-cpp 0.7 puts a comment between two
// entries of a list at the end of the line before ("- verbs: [get]  # why the next is needed"), and
// left to itself writes texts plain that YAML reads as something else: true, yes, on, 1e3,
// 012, 1.5.
namespace kube {

// A JSON document as YAML, members in the same order, every text in double quotes.
std::string yaml_text(std::string_view json);

// A text on one line, as a value or an entry of a list: plain where YAML 1.1 and 1.2 can only read
// it as that text, else in double quotes. Names of a cluster are always plain; a file may hold
// anything.
std::string yaml_scalar(std::string_view text);

}  // namespace kube
