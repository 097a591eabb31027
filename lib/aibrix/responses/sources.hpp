// The senders of texts, a letter each, so that a row of a table in this folder fits its line.
#pragma once

#include "aibrix/responses/responses.hpp"

namespace aibrix::sources {

inline constexpr auto C = ResponseSource::client;
inline constexpr auto E = ResponseSource::envoy;
inline constexpr auto G = ResponseSource::envoy_gateway;
inline constexpr auto H = ResponseSource::helm;
inline constexpr auto K = ResponseSource::api_server;
inline constexpr auto M = ResponseSource::controller;
inline constexpr auto N = ResponseSource::engine;
inline constexpr auto P = ResponseSource::plugin;
inline constexpr auto R = ResponseSource::kuberay;
inline constexpr auto S = ResponseSource::kubernetes;
inline constexpr auto T = ResponseSource::kubectl;
inline constexpr auto U = ResponseSource::unknown;

}  // namespace aibrix::sources
