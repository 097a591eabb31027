// The rules of redact_text(), each for one kind of place in which a secret stands. They mark what
// must not be shown, and know nothing of each other.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "kube/redact/marks.hpp"

namespace kube::rules {

// scheme://user:password@host, user:password@host, secret parameters, webhooks' paths.
void urls(Marks& marks);
// Tokens known by their shape, bare private keys.
void tokens(Marks& marks);
// name=value, name: value, "name": "value", --name value; also behind {name: X, value: Y}.
void named_values(Marks& marks);
// Authorization, Cookie; "Bearer X" anywhere.
void headers(Marks& marks);
// login("X"), setdefault("HF_TOKEN", "X"), auth=("user", "X").
void calls(Marks& marks);
// "password is X", .netrc, .pgpass, crypt hashes, ${API_KEY:-X}.
void phrases(Marks& marks);
// PEM and PuTTY keys, <password>X</password>, lists and blocks below a name in YAML.
void blocks(Marks& marks);
// Secrets that tools take by position or by flags of one letter.
void commands(Marks& marks);
// A text inside the text: percent, \u00XX, base64.
void encoded(Marks& marks, int depth);

// For rules.
inline bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}
// Where the text's value at `at` begins and ends. A quote may be behind backslashes, as in JSON
// inside of JSON; it ends at one behind as many. Without a quote it ends at one of `ends`, or at an
// escaped line end or quote.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t after = 0;  // behind the closing quote
  bool quoted = false;
};
Piece value_at(std::string_view text, std::size_t at, std::string_view ends);
// How many characters the quote at this place has, its backslashes included; 0: there is none.
std::size_t quote_at(std::string_view text, std::size_t at);

}  // namespace kube::rules
