// What somebody may have meant by a word that this program does not know.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace cli {

// The one of `words` that was mistyped; empty when none is near. Never the opposite of the word
// ("uninstall" for "install").
std::string mistyped(std::string_view word, std::span<const std::string> words);
// The command that other programs call by this word, below the command `path`: "get" below
// "endpoint" is "endpoint print". Empty: none.
std::string_view command_meant(std::string_view path, std::string_view word);

}  // namespace cli
