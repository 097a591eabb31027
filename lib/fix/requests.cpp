// The API request of a step, and the judge of its answer.
#include "fix/requests.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/read/list_query.hpp"

namespace fix {
namespace {

using State = StepResult::State;

std::string_view verb_of(const Step& step) {
  switch (step.verb) {
    case Step::Verb::patch: return "patch";
    case Step::Verb::create: return "create";
    case Step::Verb::remove: return "delete";
  }
  return "patch";
}

std::string created_uid(const kube::Response& response) {
  kube::Document document;
  try {
    return std::string(kube::read_json(response.body, document).at("metadata", "uid").text());
  } catch (const base::Error&) {
    return {};
  }
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::not_sent: return "not sent";
    case State::done: return "done";
    case State::already: return "already done";
    case State::moved: return "changed";
    case State::forbidden: return "forbidden";
    case State::webhook: return "rejected by a webhook";
    case State::failed: return "failed";
    case State::unmarked: return "not marked for deletion";
    case State::unknown: return "unknown";
  }
  return "unknown";
}

kube::Request request_for(const Step& step, Mode mode) {
  kube::Request request;
  const bool create = step.verb == Step::Verb::create;
  request.path = kube::api_path(*step.resource, step.version, step.object.ns,
                                create ? std::string_view() : step.object.name);
  request.path += "?fieldManager=aibrixctl";
  if (mode == Mode::dry_run) request.path += "&dryRun=All";
  switch (step.verb) {
    case Step::Verb::patch:
      request.method = kube::Method::patch;
      request.content_type = "application/json-patch+json";
      request.body = to_json(step.patch);
      break;
    case Step::Verb::create:
      request.method = kube::Method::post;
      request.path += "&fieldValidation=Strict";
      request.body = step.body;
      break;
    case Step::Verb::remove:
      request.method = kube::Method::remove;
      request.path = request.path.substr(0, request.path.find('?'));
      request.body = R"({"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":)" +
                     json_string(step.uid) + '}' +
                     (mode == Mode::dry_run ? R"(,"dryRun":["All"])" : "") + '}';
      break;
  }
  return request;
}

StepResult judge(const Step& step, const kube::Response& response) {
  StepResult out;
  if (response.ok()) {
    out.state = State::done;
    if (step.verb == Step::Verb::create) out.uid = created_uid(response);
    return out;
  }
  out.detail = kube::describe_failure(response);
  if (response.failure != kube::Failure::none) {
    const bool sent = response.failure == kube::Failure::reset ||
                      response.failure == kube::Failure::cut_short ||
                      response.failure == kube::Failure::timeout;
    out.state = sent ? State::unknown : State::failed;
    return out;
  }
  const kube::Status status = kube::read_status(response);
  const bool webhook = status.message.find("failed calling webhook") != std::string::npos ||
                       status.message.find("admission webhook") != std::string::npos;
  const bool create = step.verb == Step::Verb::create;
  if (response.status == 404 && !create) {
    out.state = State::already;
    out.detail = "it no longer exists";
  } else if (webhook) {
    out.state = State::webhook;
  } else if (response.status == 403) {
    out.state = State::forbidden;
    // A namespace that is being deleted refuses creations with 403 too.
    const bool right = status.message.find(" cannot ") != std::string::npos;
    if (right) {
      out.detail = kube::forbidden_text(verb_of(step), *step.resource, step.object.ns, response);
    } else {
      out.state = State::failed;
    }
  } else if (response.status == 409 || response.status == 422) {
    out.state = State::moved;
  } else {
    out.state = State::failed;
  }
  return out;
}

kube::ObjectKey key_of(const Step& step) {
  return {step.resource, step.object.ns, step.object.name};
}

kube::Request read_request(const Step& step) {
  kube::Request request;
  request.path = kube::api_path(*step.resource, step.version, step.object.ns, step.object.name);
  return request;
}

bool replan(Step& step, const kube::Value& object) {
  const std::vector<std::string> names = stripped_finalizers(step.patch);
  if (names.empty() || object.at("metadata", "uid").text() != step.uid) return false;
  if (!object.at("metadata", "deletionTimestamp").exists() && !step.after_parent) return false;
  Patch patch = strip_patch(object, names);
  if (patch.empty()) return false;
  step.patch = std::move(patch);
  return true;
}

Effect effect_on(const Step& step, const kube::Value& object, std::string* why) {
  switch (step.verb) {
    case Step::Verb::patch: return effect_of(step.patch, object, why);
    case Step::Verb::remove: {
      const std::string_view uid = object.at("metadata", "uid").text();
      if (uid == step.uid) return Effect::pending;
      if (why != nullptr) *why = "it was re-created since";
      return Effect::moved;
    }
    case Step::Verb::create: {
      kube::Document document;
      const kube::Value wanted = kube::read_json(step.body, document);
      if (wanted["spec"].same(object["spec"])) return Effect::done;
      if (why != nullptr) *why = "an object with this name already exists, with other content";
      return Effect::moved;
    }
  }
  return Effect::moved;
}

}  // namespace fix
