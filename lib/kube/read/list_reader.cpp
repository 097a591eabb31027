#include "kube/read/list_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "kube/http/api_error.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/read/continue_token.hpp"
#include "kube/read/list_query.hpp"

namespace kube {
namespace {

// Each is held in memory while it downloads; more do not make the server faster.
constexpr std::ptrdiff_t pages_at_once = 2;
// Against a server that never stops: ten thousand pages are five million objects.
constexpr std::size_t max_pages = 10'000;

}  // namespace

void ListReader::start(RequestBatch& batch) {
  state_ = State::reading;
  document_ = std::make_shared<Document>();
  objects_.clear();
  pages_.clear();
  ask(batch, {});
}

void ListReader::start(RequestBatch& batch, std::string version) {
  spec_.version = std::move(version);
  start(batch);
}

void ListReader::ask(RequestBatch& batch, const std::string& token) {
  Request request;
  request.path = page_path(
      {*spec_.resource, spec_.version, spec_.ns, spec_.field_selector, token, spec_.limit});
  request.accept = list_accept(*spec_.resource);
  request.watch_body = true;
  request.expected_bytes = page_bytes_ + page_bytes_ / 16;
  pages_.push_back({batch.ask(*this, std::move(request)), token});
}

void ListReader::ask_next(RequestBatch& batch) {
  if (pages_.empty() || pages_.back().next.empty()) return;
  const auto on_the_way =
      std::count_if(pages_.begin(), pages_.end(), [](const Page& page) { return !page.done; });
  if (on_the_way < pages_at_once) ask(batch, std::string(pages_.back().next));
}

ListReader::Page* ListReader::find(std::size_t number) {
  const auto it = std::find_if(pages_.begin(), pages_.end(),
                               [&](const Page& page) { return page.number == number; });
  return it == pages_.end() ? nullptr : &*it;
}

bool ListReader::on_body(std::size_t number, std::string_view so_far, RequestBatch& batch) {
  // A page that already has a successor is being downloaded a second time: the parsed page decides.
  if (pages_.empty() || pages_.back().number != number) return false;
  TokenScan scan = scan_continue_token(so_far);
  if (scan.state == TokenScan::State::need_more) return true;
  pages_.back().next = std::move(scan.token);
  ask_next(batch);
  return false;
}

void ListReader::on_response(std::size_t number, Response&& response, RequestBatch& batch) {
  Page* page = find(number);
  if (page == nullptr || state_ != State::reading) return;
  if (response.ok()) return read_page(*page, response, batch);
  const bool first = page->token.empty();
  const bool gone = response.failure == Failure::none && response.status == 410;
  if (gone && !first) {
    refusal_ = std::move(response);
    return again(batch, "its continue token expired twice");
  }
  State state = State::failed;
  if (response.failure == Failure::none && first) {
    if (response.status == 404) state = State::not_found;
    if (response.status == 403) state = State::forbidden;
  }
  std::string detail = state == State::forbidden
                           ? forbidden_text("list", *spec_.resource, spec_.ns, response)
                           : describe_failure(response);
  refusal_ = std::move(response);
  fail(state, std::move(detail));
}

void ListReader::read_page(Page& page, Response& response, RequestBatch& batch) {
  const auto start = std::chrono::steady_clock::now();
  ListPage parsed;
  try {
    parsed = read_list_page(response.body, *document_);
  } catch (const base::Error& error) {
    refusal_ = std::move(response);
    return fail(State::failed, error.what());
  }
  page_bytes_ = std::max(page_bytes_, response.body.size());
  if (!std::string_view(parsed.kind).ends_with("List")) {
    refusal_ = std::move(response);
    return fail(State::failed, describe_failure(refusal_));
  }
  for (const Value& item : parsed.items) {
    if (item.at("metadata", "name").text().empty()) {
      refusal_ = std::move(response);
      return fail(State::failed, "an item of the list has no name");
    }
    objects_.emplace_back(*spec_.resource, item);
  }
  batch.stats().parse += std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - start);
  page.done = true;
  const bool last = &page == &pages_.back();
  const std::string asked = last ? parsed.continue_token : (&page + 1)->token;
  if (asked != parsed.continue_token)
    return again(batch, "its pages do not follow from each other");
  page.next = std::move(parsed.continue_token);
  const bool seen_before =
      !page.next.empty() && std::any_of(pages_.begin(), pages_.end(), [&](const Page& other) {
        return other.token == page.next && &other != &page + 1;
      });
  if (seen_before || pages_.size() > max_pages) {
    return fail(State::failed, "the server's continue tokens lead nowhere");
  }
  ask_next(batch);
  const bool complete =
      std::all_of(pages_.begin(), pages_.end(), [](const Page& p) { return p.done; });
  if (complete && pages_.back().next.empty()) state_ = State::loaded;
}

void ListReader::again(RequestBatch& batch, const char* why) {
  if (restarted_) return fail(State::failed, why);
  restarted_ = true;
  start(batch);
}

void ListReader::fail(State state, std::string detail) {
  state_ = state;
  detail_ = std::move(detail);
  refusal_.body.resize(std::min<std::size_t>(refusal_.body.size(), 4096));
  objects_.clear();
  document_.reset();
  pages_.clear();
}

}  // namespace kube
