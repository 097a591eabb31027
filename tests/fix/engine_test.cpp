// The engine against the fake API server, which answers guarded writes as a real one.
#include "fix/engine.hpp"

#include "aibrix/resources.hpp"
#include "catch.hpp"
#include "kube/http/curl_transport.hpp"
#include "support/fake_api_server.hpp"

using fix::StepResult;
using support::FakeApiServer;
using State = StepResult::State;

namespace {

std::string adapter(const std::string& name, const std::string& uid, const std::string& finalizers,
                    bool deleting = true) {
  return R"({"apiVersion":"model.aibrix.ai/v1alpha1","kind":"ModelAdapter","metadata":{"name":")" +
         name + R"(","namespace":"team-a","uid":")" + uid + "\"" +
         (deleting ? R"(,"deletionTimestamp":"2026-08-22T12:00:00Z")" : "") + R"(,"finalizers":)" +
         finalizers + "}}";
}

fix::Step strip(const std::string& name, const std::string& uid,
                const std::string& list = R"(["a.b/f"])") {
  fix::Step step;
  step.resource = &aibrix::resources::model_adapters;
  step.version = "v1alpha1";
  step.object = {"model.aibrix.ai", "ModelAdapter", "team-a", name};
  step.uid = uid;
  step.reversibility = fix::Reversibility::permanent;
  const std::string place = list == R"(["a.b/f"])" ? "0" : "1";
  step.patch = {fix::test("/metadata/uid", "\"" + uid + "\""),
                fix::test("/metadata/finalizers/" + place, "\"a.b/f\""),
                fix::remove("/metadata/finalizers/" + place)};
  return step;
}

class Memory : public fix::Journal {
 public:
  void intend(const std::vector<std::size_t>& steps) override {
    for (const std::size_t s : steps) lines.push_back("intend " + std::to_string(s));
  }
  void result(std::size_t step, const StepResult& result) override {
    lines.push_back(std::to_string(step) + " " + std::string(fix::to_string(result.state)));
  }
  std::vector<std::string> lines;
};

// A disk that is full after so many lines.
class FullDisk : public Memory {
 public:
  explicit FullDisk(std::size_t room) : room_(room) {}
  void intend(const std::vector<std::size_t>& steps) override {
    take(steps.size());
    Memory::intend(steps);
  }
  void result(std::size_t step, const StepResult& result) override {
    take(1);
    Memory::result(step, result);
  }

 private:
  void take(std::size_t count) {
    if (count > room_) throw base::Error(base::Fault::partial, "JournalFailed", "the disk is full");
    room_ -= count;
  }
  std::size_t room_;
};

// A login that is lost: from the so-manyth answer on nothing arrives any more.
class LosesLogin : public kube::Transport {
 public:
  LosesLogin(kube::Transport& inner, std::size_t answers) : inner_(inner), left_(answers) {}
  void run(std::vector<kube::Request> batch, kube::Receiver& receiver) override {
    Counted counted(receiver, left_);
    inner_.run(std::move(batch), counted);
    if (counted.lost) throw base::Error(base::Fault::unavailable, "LoginLost", "the login is lost");
  }

 private:
  struct Counted : kube::Receiver {
    Counted(kube::Receiver& r, std::size_t& n) : receiver(r), left(n) {}
    void on_response(std::size_t number, kube::Response&& response, kube::Queue& queue) override {
      if (left == 0) {
        lost = true;
        return;
      }
      --left;
      receiver.on_response(number, std::move(response), queue);
    }
    kube::Receiver& receiver;
    std::size_t& left;
    bool lost = false;
  };
  kube::Transport& inner_;
  std::size_t left_;
};

struct Bench {
  FakeApiServer server;
  fix::Plan plan;
  Memory journal;
  fix::Hooks hooks;
  bool stop = false;

  Bench() {
    hooks.stopped = [this] { return stop; };
    hooks.pause = [](std::chrono::milliseconds) {};
  }
  std::vector<StepResult> rehearse() {
    kube::CurlTransport transport(server.access(), {});
    return fix::dry_run(transport, plan, hooks);
  }
  fix::Applied apply(std::chrono::milliseconds wait = std::chrono::milliseconds(1000)) {
    kube::CurlTransport transport(server.access(), {});
    return fix::apply(transport, plan, journal, hooks, wait);
  }
};

}  // namespace

TEST_CASE("a dry run changes nothing; the same plan applied makes the object vanish") {
  Bench b;
  b.server.add(adapter("x", "u", R"(["a.b/f"])"));
  b.plan.steps = {strip("x", "u")};
  CHECK(b.rehearse()[0].state == State::done);
  CHECK_FALSE(b.server.object("modeladapters", "team-a", "x").empty());
  CHECK(b.apply().all_good());
  CHECK(b.server.object("modeladapters", "team-a", "x").empty());
  CHECK(b.journal.lines == std::vector<std::string>{"intend 0", "0 done"});
}

TEST_CASE("an object that was made anew is refused, and nothing is changed on it") {
  Bench b;
  b.server.add(adapter("x", "new", R"(["a.b/f"])"));
  b.plan.steps = {strip("x", "old")};
  CHECK(b.rehearse()[0].state == State::moved);
  const fix::Applied applied = b.apply();
  CHECK(applied.steps[0].state == State::moved);
  CHECK(applied.steps[0].detail == R"(metadata.uid is "new", expected "old")");
  CHECK(b.server.object("modeladapters", "team-a", "x").find("a.b/f") != std::string::npos);
}

TEST_CASE("a list of finalizers that has changed is planned anew once, and never widened") {
  Bench b;
  b.server.add(adapter("x", "u", R"(["other/1","a.b/f","c.d/e"])"));
  b.plan.steps = {strip("x", "u")};
  CHECK(b.apply().all_good());
  const std::string left = b.server.object("modeladapters", "team-a", "x");
  CHECK(left.find(R"("finalizers":["other/1","c.d/e"])") != std::string::npos);
  CHECK(b.server.requests("modeladapters/x") == 3);  // patch, read, patch
}

TEST_CASE("what somebody else did meanwhile counts as so, not as done by us") {
  Bench b;
  b.server.add(adapter("x", "u", R"(["other/1"])"));
  b.plan.steps = {strip("x", "u"), strip("gone", "v")};
  const fix::Applied applied = b.apply();
  CHECK(applied.steps[0].state == State::already);
  CHECK(applied.steps[1].state == State::already);
  CHECK(applied.all_good());
}

TEST_CASE("the first failure stops the run, and what was not sent says so") {
  Bench b;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "x" + std::to_string(100 + i);
    b.server.add(adapter(name, "u", R"(["a.b/f"])"));
    b.plan.steps.push_back(strip(name, i == 3 ? "other" : "u"));
  }
  const fix::Applied applied = b.apply();
  CHECK(applied.steps[3].state == State::moved);
  CHECK(applied.count(State::done) == 15);  // the rest of its batch was on its way
  CHECK(applied.count(State::not_sent) == 24);
  CHECK(applied.first_bad()->state == State::moved);
}

TEST_CASE("a webhook that cannot be called and a missing right are told apart") {
  Bench b;
  b.server.add(adapter("x", "u", R"(["a.b/f"])"));
  b.plan.steps = {strip("x", "u")};
  b.server.refuse_by_webhook("modeladapters", "mmodeladapter.kb.io");
  const StepResult refused = b.rehearse()[0];
  CHECK(refused.state == State::webhook);
  CHECK(refused.detail.find("mmodeladapter.kb.io") != std::string::npos);
  b.server.forbid_writes("modeladapters");
  const StepResult forbidden = b.rehearse()[0];
  CHECK(forbidden.state == State::forbidden);
  CHECK(forbidden.detail ==
        "test-user may not patch modeladapters.model.aibrix.ai in namespace team-a");
}

TEST_CASE("a lost answer is looked up: done when it was, failed when it was not") {
  Bench b;
  b.server.add(adapter("x", "u", R"(["a.b/f"])"));
  b.plan.steps = {strip("x", "u")};
  support::Script cut;
  cut.target = "/modeladapters/x?";
  cut.cut = 0.5;
  b.server.script(cut);
  const fix::Applied applied = b.apply();
  CHECK(applied.all_good());
  CHECK(applied.steps[0].detail.find("the response was lost") != std::string::npos);
}

TEST_CASE("a child is stripped once it is marked, and is through when it went by itself") {
  Bench b;
  b.server.add(adapter("parent", "p", R"(["a.b/f"])"));
  b.server.add(adapter("child", "c", R"(["a.b/f"])", false));
  b.plan.steps = {strip("parent", "p"), strip("child", "c"), strip("gone", "g")};
  for (int i : {1, 2}) {
    b.plan.steps[static_cast<std::size_t>(i)].wave = 1;
    b.plan.steps[static_cast<std::size_t>(i)].after_parent = true;
  }
  int polls = 0;
  b.hooks.pause = [&](std::chrono::milliseconds) {
    if (++polls == 2) b.server.add(adapter("child", "c", R"(["a.b/f"])", true));
  };
  const fix::Applied applied = b.apply();
  CHECK(applied.all_good());
  CHECK(applied.steps[2].detail == "it was deleted in the meantime");
  CHECK(b.server.object("modeladapters", "team-a", "child").empty());
}

TEST_CASE("a child that is never marked is not touched") {
  Bench b;
  b.server.add(adapter("child", "c", R"(["a.b/f"])", false));
  b.plan.steps = {strip("child", "c")};
  b.plan.steps[0].after_parent = true;
  CHECK(b.apply().steps[0].state == State::unmarked);
  CHECK(b.server.requests("fieldManager") == 0);
}

TEST_CASE("a user who stops it gets what was and was not done") {
  Bench b;
  for (int i = 0; i < 40; ++i) {
    const std::string name = "x" + std::to_string(100 + i);
    b.server.add(adapter(name, "u", R"(["a.b/f"])"));
    b.plan.steps.push_back(strip(name, "u"));
  }
  b.hooks.on_result = [&](std::size_t step, const StepResult&) { b.stop = step == 15; };
  const fix::Applied applied = b.apply();
  CHECK(applied.stopped);
  CHECK(applied.count(State::done) == 16);
  CHECK(applied.count(State::not_sent) == 24);
}

TEST_CASE("creating what is there with the same content is no failure; with another it is") {
  Bench b;
  fix::Step step;
  step.verb = fix::Step::Verb::create;
  step.resource = &aibrix::resources::reference_grants;
  step.version = "v1beta1";
  step.object = {"gateway.networking.k8s.io", "ReferenceGrant", "default", "g"};
  step.body =
      R"({"apiVersion":"gateway.networking.k8s.io/v1beta1","kind":"ReferenceGrant","metadata":{"name":"g","namespace":"default"},"spec":{"to":[1]}})";
  b.plan.steps = {step};
  const fix::Applied first = b.apply();
  CHECK(first.steps[0].state == State::done);
  CHECK(first.steps[0].uid == "created-1");
  CHECK(b.apply().steps[0].state == State::already);
  b.plan.steps[0].body.replace(b.plan.steps[0].body.find("[1]"), 3, "[2]");
  CHECK(b.apply().steps[0].state == State::moved);
}

namespace {

// Forty objects to strip: three batches.
void add_forty(Bench& b) {
  for (int i = 0; i < 40; ++i) {
    const std::string name = "x" + std::to_string(i);
    b.server.add(adapter(name, "u" + std::to_string(i), R"(["a.b/f"])"));
    b.plan.steps.push_back(strip(name, "u" + std::to_string(i)));
  }
}

std::size_t gone(const Bench& b) {
  std::size_t count = 0;
  for (const fix::Step& step : b.plan.steps) {
    if (b.server.object("modeladapters", "team-a", step.object.name).empty()) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE(
    "a login that is lost in the middle: what came is kept and journalled, the rest is told") {
  for (const std::size_t answers : {0U, 1U, 17U, 32U, 39U, 40U}) {
    CAPTURE(answers);
    Bench b;
    add_forty(b);
    kube::CurlTransport curl(b.server.access(), {});
    LosesLogin transport(curl, answers);
    const fix::Applied applied =
        fix::apply(transport, b.plan, b.journal, b.hooks, std::chrono::milliseconds(0));
    CHECK(applied.count(State::done) == answers);
    CHECK(applied.count(State::done) + applied.count(State::unknown) == gone(b));
    CHECK(applied.cut_off.has_value() == (answers < 40));
    std::size_t journalled = 0;
    for (const std::string& line : b.journal.lines) journalled += line.ends_with("done") ? 1 : 0;
    CHECK(journalled == answers);
  }
}

TEST_CASE("a disk that is full in the middle: nothing is sent without its line in the journal") {
  for (const std::size_t room : {0U, 15U, 16U, 20U, 32U, 48U, 70U, 79U}) {
    CAPTURE(room);
    Bench b;
    add_forty(b);
    FullDisk journal(room);
    kube::CurlTransport transport(b.server.access(), {});
    const fix::Applied applied =
        fix::apply(transport, b.plan, journal, b.hooks, std::chrono::milliseconds(0));
    CHECK(applied.count(State::done) == gone(b));
    REQUIRE(applied.cut_off.has_value());
    CHECK(std::string(applied.cut_off->what()) == "the disk is full");
    std::size_t intended = 0;
    for (const std::string& line : journal.lines) intended += line.starts_with("intend") ? 1 : 0;
    CHECK(gone(b) == intended);
  }
}

TEST_CASE("all answers of a batch are in the journal before one of them is shown") {
  Bench b;
  add_forty(b);
  std::size_t shown = 0;
  b.hooks.on_result = [&](std::size_t, const StepResult&) {
    std::size_t journalled = 0;
    for (const std::string& line : b.journal.lines) journalled += line.ends_with("done") ? 1 : 0;
    CHECK(journalled == (shown / 16 == 2 ? 40 : (shown / 16 + 1) * 16));
    ++shown;
  };
  CHECK(b.apply().all_good());
  CHECK(shown == 40);
}
