// How well an answer fits a row of the catalogue, and which row goes first. For responses.cpp.
#pragma once
#include <map>
#include <string>
#include <string_view>

#include "aibrix/responses/responses.hpp"

namespace aibrix {

struct Fitness {
  int points = 0;        // 0 or less: not at all
  bool by_text = false;  // a message or log pattern told it, to its end
};
// Points for what fits, by its weight: a message more than a header, a header more than a status.
// `names` gets what the row's patterns caught.
Fitness fitness(const ResponsePattern& kind, const ResponseText& answer,
                std::map<std::string, std::string>& names);

// Patterns that one text can fit are told apart by a declared order: the place of the row in it,
// first the most special; -1: not declared.
int precedence(std::string_view id);
// The names in that order, and in the reasons below.
std::vector<std::string_view> declared_ids();
// Whether the one says why the other was said.
bool explains(std::string_view cause, std::string_view effect);

}  // namespace aibrix
