// Secrets among the arguments of well-known commands.
#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace kube {

// Hides a part of the word of this number.
using HideInWord = std::function<void(std::size_t word, std::size_t begin, std::size_t end)>;

// The secrets in the words of one command, where its tool is known: flags of one letter, what
// stands at a certain place, user:password. `loose` says that the words are surely arguments, so
// that -u user:password is told without its tool.
void secret_arguments(std::span<const std::string_view> words, bool loose, const HideInWord& hide);

// A command that reads a secret from its standard input: "passwd --stdin", "docker login".
bool reads_secret(std::span<const std::string_view> words);

}  // namespace kube
