// MDL026: in a manifest, an engine is started with arguments that do not fit its container.
#include <algorithm>
#include <array>
#include <charconv>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/engine/engine.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"
#include "kube/schema/tell.hpp"

namespace checks {
namespace {

using aibrix::Engine;
using kube::Object;
using kube::Value;
using Words = std::vector<aibrix::Word>;

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// A flag that takes a whole number, by the names that the engine knows it by.
struct NumberFlag {
  std::string_view name;
  std::optional<std::string> text;  // not set: not given, or not known from here

  std::optional<std::int64_t> number() const { return text ? whole_number(*text) : std::nullopt; }
};

NumberFlag number_flag(const Words& words, std::span<const std::string_view> names) {
  for (const std::string_view name : names) {
    auto text = aibrix::flag_value(words, name);
    if (!text) continue;
    if (kube::is_filled_in_later(*text)) text.reset();
    return {name, std::move(text)};
  }
  return {names.front(), std::nullopt};
}

// vllm/engine/arg_utils.py; sglang/srt/server_args.py.
constexpr auto vllm_tensor = std::to_array<std::string_view>({"--tensor-parallel-size", "-tp"});
constexpr auto vllm_pipeline = std::to_array<std::string_view>({"--pipeline-parallel-size", "-pp"});
constexpr auto sglang_tensor =
    std::to_array<std::string_view>({"--tp-size", "--tp", "--tensor-parallel-size"});
constexpr auto sglang_pipeline =
    std::to_array<std::string_view>({"--pp-size", "--pipeline-parallel-size"});
constexpr auto port_flag = std::to_array<std::string_view>({"--port"});

struct Started {
  const Object* object;
  const aibrix::PodTemplate* pod;
  const Engine* engine;
  Value container;
  Words words;

  Finding& tell(const std::string& what, Reporter& reporter) const {
    return reporter.error(*object, "the engine of " + kind_and_name(*object) + what)
        .at_field(pod->path + ".spec.containers[" + std::to_string(engine->index) + ']')
        .with_consequence("The engine ends as soon as it is started.");
  }
};

void judge_number(const Started& s, const NumberFlag& flag, Reporter& reporter) {
  if (!flag.text || flag.number()) return;
  const std::string name(flag.name);
  s.tell(" is started with " + name + ' ' + base::printable(*flag.text) + ", which is no number",
         reporter)
      .with_evidence(name, *flag.text, "a whole number")
      .remedy(Confidence::review, "write a number for " + name);
}

// How many GPUs the container gets: the one extended resource DOMAIN/gpu that it asks for.
std::optional<std::int64_t> gpus_of(const Value& container, std::string& resource) {
  for (const std::string_view part : {"limits", "requests"}) {
    for (const kube::Member& member : container.at("resources", part).members()) {
      if (!std::string_view(member.key).ends_with("/gpu")) continue;
      resource = member.key;
      return whole_number(member.value.scalar());
    }
  }
  return std::nullopt;
}

// The GPUs of an engine in a Deployment are those of its own pod, unless it joins others.
bool joins_others(const Words& words) {
  return std::ranges::any_of(words, [](const aibrix::Word& word) {
    return !word.certain || word.text == "ray" || word.text.find("--nnodes") != word.text.npos ||
           word.text.find("--headless") != word.text.npos ||
           word.text.find("distributed-executor-backend") != word.text.npos;
  });
}

void judge_gpus(const Started& s, const NumberFlag& tensor, const NumberFlag& pipeline,
                Reporter& reporter) {
  if (s.object->kind() != "Deployment" || joins_others(s.words)) return;
  const std::int64_t wanted = tensor.number().value_or(1) * pipeline.number().value_or(1);
  std::string resource;
  const auto given = gpus_of(s.container, resource);
  if (!given || wanted <= *given) return;
  Finding& f = s.tell(" wants " + base::plural(static_cast<std::size_t>(wanted), "GPU") +
                          ", but its container gets " + std::to_string(*given),
                      reporter);
  if (tensor.text) f.with_evidence(std::string(tensor.name), *tensor.text);
  if (pipeline.text) f.with_evidence(std::string(pipeline.name), *pipeline.text);
  f.with_evidence(resource, std::to_string(*given), "at least " + std::to_string(wanted));
  f.remedy(Confidence::review, "request " + std::to_string(wanted) + ' ' + resource +
                                   " for the container, or lower " + std::string(tensor.name));
}

void judge(const Object& object, const aibrix::PodTemplate& pod, Reporter& reporter) {
  const auto engine = aibrix::find_engine(pod.value);
  if (!engine || engine->kind == Engine::Kind::other) return;
  const Value container = pod.value.at("spec", "containers")[engine->index];
  const Started s{&object, &pod, &*engine, container,
                  aibrix::command_line(container, pod.value["metadata"])};
  const bool vllm = engine->kind == Engine::Kind::vllm;
  const auto find = [&](std::span<const std::string_view> of_vllm,
                        std::span<const std::string_view> of_sglang) {
    return number_flag(s.words, vllm ? of_vllm : of_sglang);
  };
  const NumberFlag tensor = find(vllm_tensor, sglang_tensor);
  const NumberFlag pipeline = find(vllm_pipeline, sglang_pipeline);
  for (const NumberFlag& flag : {find(port_flag, port_flag), tensor, pipeline}) {
    judge_number(s, flag, reporter);
  }
  judge_gpus(s, tensor, pipeline, reporter);
}

void run_arguments(const Context& context, Reporter& reporter) {
  judge_written(context, reporter, judge);
}

}  // namespace

constinit const Check registry::MDL026{
    codes::MDL026,
    Area::models,
    "an engine's arguments do not fit its container",
    model_lists,
    run_arguments,
    {"In a manifest, an engine is told to spread a model over more GPUs than its container asks "
     "for, or a number among its arguments (--port, --tensor-parallel-size) is none. The engine "
     "ends when it is started.",
     "--tensor-parallel-size was raised and the container's resources were not, or a typo.",
     "Request the GPUs, or correct the argument.", "every release"}};

}  // namespace checks
