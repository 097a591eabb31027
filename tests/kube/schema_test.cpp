// Tests of structural schemas: patterns, rules, names and what is told of a field.
#include <string>

#include "catch.hpp"
#include "kube/parse/yaml_reader.hpp"
#include "kube/schema/pattern.hpp"
#include "kube/schema/rules.hpp"
#include "kube/schema/validate.hpp"

namespace {

struct Read {
  explicit Read(std::string_view text) : value(kube::read_yaml(text, "a.yaml", document)[0]) {}
  kube::Document document;
  kube::Value value;
};

// What the schema says of the object, a path each.
std::vector<std::string> paths(std::string_view schema, std::string_view object) {
  const Read crd(schema);
  const Read written(object);
  const kube::CrdSchema source(crd.value);
  std::vector<std::string> out;
  for (const kube::Violation& v : kube::validate(written.value, source, source.root(), {})) {
    out.push_back(v.path);
  }
  return out;
}

std::string fix(std::string_view schema, std::string_view object) {
  const Read crd(schema);
  const Read written(object);
  const kube::CrdSchema source(crd.value);
  const auto found = kube::validate(written.value, source, source.root(), {});
  return found.empty() ? "nothing found" : found.front().fix;
}

std::optional<bool> holds(std::string_view rule, std::string_view self) {
  const Read value(self);
  const kube::CrdSchema none{kube::Value()};
  return kube::rule_holds(rule, value.value, kube::SchemaNode(), none);
}

constexpr std::string_view schema = R"(
type: object
properties:
  spec:
    type: object
    required: [size]
    properties:
      size: {type: integer, minimum: 1, maximum: 9}
      mode: {type: string, enum: [Fast, Slow]}
      free: {type: object, x-kubernetes-preserve-unknown-fields: true}
      labels: {type: object, additionalProperties: {type: string}}
      port: {x-kubernetes-int-or-string: true}
      inner: {type: object, properties: {depth: {type: number}}}
      list: {type: array, maxItems: 2, items: {type: string, pattern: "^[a-z]+$"}}
)";

}  // namespace

TEST_CASE("a right object breaks nothing") {
  using Paths = std::vector<std::string>;
  CHECK(paths(schema, R"({spec: {size: 3, mode: Fast, free: {a: {b: 1}}, labels: {x: z}, port: http,
                          inner: {depth: 1.5}, list: [a, b]}, metadata: {name: x}, status: {a: 1}})") ==
        Paths{});
  CHECK(paths(schema, "{spec: {size: 3, port: 80}}") == Paths{});
  CHECK(paths(schema, "{spec: {size: 3, mode: null, labels: {a: null}}}") == Paths{});
}

TEST_CASE("each mistake is told at its field") {
  using Paths = std::vector<std::string>;
  CHECK(paths(schema, "{spec: {}}") == Paths{"spec.size"});
  CHECK(paths(schema, "{spec: {size: \"3\"}}") == Paths{"spec.size"});
  CHECK(paths(schema, "{spec: {size: 10}}") == Paths{"spec.size"});
  CHECK(paths(schema, "{spec: {size: 3, mode: fast}}") == Paths{"spec.mode"});
  CHECK(paths(schema, "{spec: {size: 3, labels: {a/b.c: 1}}}") == Paths{"spec.labels[\"a/b.c\"]"});
  CHECK(paths(schema, "{spec: {size: 3, port: true}}") == Paths{"spec.port"});
  CHECK(paths(schema, "{spec: {size: 3, list: [a, B]}}") == Paths{"spec.list[1]"});
  CHECK(paths(schema, "{spec: {size: 3, list: [a, b, c]}}") == Paths{"spec.list"});
  CHECK(paths(schema, "{spec: {size: 3, other: 1}}") == Paths{"spec.other"});
  CHECK(paths(schema, "{spec: {size: null}}") == Paths{"spec.size"});
}

TEST_CASE("an unknown field is told with its near name, or where it belongs") {
  CHECK(fix(schema, "{spec: {size: 3, mod: Fast}}") == "spec.mode");
  CHECK(fix(schema, "{spec: {size: 3, depth: 1}}") == "spec.inner.depth");
  CHECK(fix(schema, "{spec: {size: 3}, mode: Fast}") == "spec.mode");
  CHECK(fix(schema, "{spec: {size: 3, unheard: 1}}").empty());
  CHECK(fix(schema, "{spec: {size: 3, mode: FAST}}") == "Fast");
}

TEST_CASE("what something fills in later is not judged") {
  CHECK(paths(schema, "{spec: {size: \"${SIZE}\", mode: \"${MODE}\"}}").empty());
}

TEST_CASE("patterns of schemas are understood, or nothing is said") {
  CHECK(kube::fits("^(?:[a-z]+\\.)?[0-9]{1,3}$", "ab.12") == true);
  CHECK(kube::fits("^(?:[a-z]+\\.)?[0-9]{1,3}$", "ab.1234") == false);
  CHECK(kube::fits("^\\d+[\\w\\-]*$", "1a-_") == true);
  CHECK(kube::fits("^[^\\s\\/]+$", "a/b") == false);
  CHECK(kube::fits("^[!+\\-.\\x60]+$", "+-`") == true);
  CHECK(kube::fits("^[!+\\-.\\x60]+$", "a") == false);
  CHECK(kube::fits("^[^\\r\\n\\x00]*$", "a\nb") == false);
  CHECK(kube::fits("^(?i)a$", "A") == true);
  CHECK(kube::fits("^a$", "A") == false);
  CHECK_FALSE(kube::fits("a(?i)b", "aB").has_value());
  CHECK_FALSE(kube::fits("\\p{L}", "a").has_value());
}

TEST_CASE("rules between fields hold, do not, or are not understood") {
  CHECK(holds("has(self.a) == has(self.b)", "{a: 1}") == false);
  CHECK(holds("!has(self.a) || self.a <= self.b", "{a: 1, b: 2}") == true);
  CHECK(holds("!has(self.a) || self.a <= self.b", "{a: 3, b: 2}") == false);
  CHECK(holds("self.t == 'X' ? has(self.x) : true", "{t: X}") == false);
  CHECK(holds("self.t in ['X', 'Y']", "{t: Z}") == false);
  CHECK(holds("(has(self.a) && !has(self.b)) || (!has(self.a) && has(self.b))", "{a: 1, b: 1}") ==
        false);
  CHECK(holds("self.p.startsWith('/')", "{p: x}") == false);
  CHECK(holds("size(self.l) > 1", "{l: [1]}") == false);
  CHECK_FALSE(holds("self.l.unheard(x, x > 1)", "{l: [1]}").has_value());
  CHECK_FALSE(holds("self.a == 1", "{}").has_value());
}

TEST_CASE(
    "a rule that asks for a list that is not there refuses, unless the other side settles it") {
  constexpr std::string_view tls = R"(
type: object
properties:
  tls:
    type: object
    properties:
      mode: {type: string, default: Terminate}
      certificateRefs: {type: array, items: {type: string}}
      options: {type: object, additionalProperties: {type: string}}
    x-kubernetes-validations:
      - message: certificateRefs or options must be specified when mode is Terminate
        rule: "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true"
)";
  using Paths = std::vector<std::string>;
  CHECK(paths(tls, "{tls: {}}") == Paths{"tls"});
  CHECK(paths(tls, "{tls: {certificateRefs: []}}") == Paths{"tls"});
  CHECK(paths(tls, "{tls: {options: {a: b}}}") == Paths{});
  CHECK(paths(tls, "{tls: {certificateRefs: [a]}}") == Paths{});
  CHECK(paths(tls, "{tls: {mode: Passthrough}}") == Paths{});
  constexpr std::string_view filled = R"(
type: object
properties:
  a: {type: object, default: {b: [x]}, properties: {b: {type: array, items: {type: string}}}}
x-kubernetes-validations:
  - {message: some, rule: "size(self.a.b) > 0"}
)";
  CHECK(paths(filled, "{}") == Paths{});
  CHECK(paths(filled, "{a: {}}").size() == 1);
}

TEST_CASE("rules go over lists, and add up") {
  CHECK(holds("self.l.all(x, x > 1)", "{l: [1, 2]}") == false);
  CHECK(holds("self.l.all(x, x > 1)", "{l: []}") == true);
  CHECK(holds("self.l.exists(x, x.k == 'a')", "{l: [{k: b}, {k: a}]}") == true);
  CHECK(holds("self.l.all(a, self.l.exists_one(b, a.k == b.k))", "{l: [{k: a}, {k: a}]}") == false);
  CHECK(holds("self.l.filter(x, has(x.k)).size() <= 1", "{l: [{k: a}, {m: a}, {k: b}]}") == false);
  CHECK(holds("self.l[0].k == 'a'", "{l: [{k: a}]}") == true);
  CHECK_FALSE(holds("self.l[1].k == 'a'", "{l: [{k: a}]}").has_value());
  CHECK(holds("(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) == 1", "{a: 1, b: 1}") == false);
  CHECK(holds("duration(self.a) < duration(self.b)", "{a: 90s, b: 1m}") == false);
  CHECK(holds("self.a.matches(r\"\"\"^[a-z\\.]+$\"\"\")", "{a: a.b}") == true);
  CHECK(holds("self.a.lowerAscii() != 'host'", "{a: Host}") == false);
  CHECK(holds("'*' in self.l && self.l.size() > 1", "{l: [a, '*']}") == true);
}

TEST_CASE("a rule that would take for ever is not understood") {
  std::string list = "{l: [";
  for (int i = 0; i < 2000; ++i) list += "{k: a" + std::to_string(i) + "}, ";
  CHECK_FALSE(holds("self.l.all(a, self.l.exists_one(b, a.k == b.k))", list + "]}").has_value());
}

TEST_CASE("items that are to be told apart are") {
  constexpr std::string_view ports = R"(
type: object
properties:
  ports:
    type: array
    x-kubernetes-list-type: map
    x-kubernetes-list-map-keys: [port, protocol]
    items:
      type: object
      properties: {port: {type: integer}, protocol: {type: string, default: TCP}}
  words: {type: array, x-kubernetes-list-type: set, items: {type: string}}
)";
  using Paths = std::vector<std::string>;
  CHECK(paths(ports, "{ports: [{port: 1}, {port: 1, protocol: TCP}]}") == Paths{"ports[1]"});
  CHECK(paths(ports, "{ports: [{port: 1}, {port: 1, protocol: UDP}]}") == Paths{});
  CHECK(paths(ports, "{words: [a, b, a]}") == Paths{"words[2]"});
}

namespace {

// What no schema says of Kubernetes' own kinds, a path each.
std::vector<std::string> core_paths(std::string_view object) {
  const Read read(object);
  std::vector<std::string> out;
  for (const kube::Violation& v : kube::validate_core(read.value)) out.push_back(v.path);
  return out;
}

std::vector<std::string> container_paths(const std::string& container,
                                         const std::string& more = "") {
  return core_paths("{kind: Pod, spec: {containers: [{name: a, " + container + "}]" + more + "}}");
}

}  // namespace

TEST_CASE("pods are looked at as the API server does") {
  using Paths = std::vector<std::string>;
  const std::string at = "spec.containers[0]";
  CHECK(container_paths("resources: {requests: {cpu: 1}, limits: {cpu: 2}}") == Paths{});
  CHECK(container_paths("resources: {requests: {cpu: 3}, limits: {cpu: 2}}") ==
        Paths{at + ".resources.requests.cpu"});
  CHECK(container_paths("resources: {limits: {gpu: 1}}") == Paths{at + ".resources.limits.gpu"});
  CHECK(container_paths("resources: {limits: {a.com/gpu: 500m}}") ==
        Paths{at + ".resources.limits[\"a.com/gpu\"]"});
  CHECK(container_paths("volumeMounts: [{name: v, mountPath: /v}]") ==
        Paths{at + ".volumeMounts[0].name"});
  CHECK(container_paths("volumeMounts: [{name: v, mountPath: /v}]", ", volumes: [{name: v}]") ==
        Paths{});
  CHECK(container_paths("volumeMounts: [{name: \"${V}\", mountPath: /v}]") == Paths{});
  CHECK(container_paths("livenessProbe: {exec: {}, successThreshold: 2}") ==
        Paths{at + ".livenessProbe.successThreshold"});
  CHECK(container_paths("ports: [{name: a}, {name: a}]") == Paths{at + ".ports[1].name"});
  CHECK(container_paths("env: [{name: a, valueFrom: {}}]") == Paths{at + ".env[0].valueFrom"});
  CHECK(container_paths("image: x", ", tolerations: [{key: a, operator: Exists, value: b}]") ==
        Paths{"spec.tolerations[0].value"});
}

TEST_CASE("kinds are looked at as the API server does") {
  using Paths = std::vector<std::string>;
  const auto schedule = [](const std::string& text) {
    return core_paths("{kind: CronJob, spec: {schedule: \"" + text + "\"}}").empty();
  };
  CHECK(schedule("*/5 0-6,12 1 jan mon-fri"));
  CHECK(schedule("@daily"));
  CHECK_FALSE(schedule("60 * * * *"));
  CHECK_FALSE(schedule("* * * *"));
  CHECK_FALSE(schedule("0 0 * * 7"));
  CHECK(core_paths("{kind: Service, spec: {type: ExternalName, externalName: a.b}}") == Paths{});
  CHECK(core_paths("{kind: Service, spec: {ports: [{port: 1, name: a}, {port: 1, name: b}]}}") ==
        Paths{"spec.ports[1].port"});
  CHECK(core_paths("{kind: Service, spec: {clusterIP: none, ports: [{port: 1}]}}") ==
        Paths{"spec.clusterIP"});
  CHECK(core_paths("{kind: HorizontalPodAutoscaler, spec: {minReplicas: 3, maxReplicas: 2}}") ==
        Paths{"spec.maxReplicas"});
  CHECK(core_paths("{kind: PodDisruptionBudget, spec: {minAvailable: 1, maxUnavailable: 1}}") ==
        Paths{"spec"});
  CHECK(core_paths("{kind: Role, rules: [{resources: [pods], verbs: [get]}]}") ==
        Paths{"rules[0].apiGroups"});
  CHECK(core_paths("{kind: ConfigMap, data: {a b: c, d: e}}") == Paths{"data.a b"});
  CHECK(core_paths("{kind: Deployment, spec: {strategy: {type: Recreate, rollingUpdate: {}}}}") ==
        Paths{"spec.strategy.rollingUpdate"});
}

TEST_CASE("what a NetworkPolicy leaves out is a part of its range") {
  const auto except = [](const std::string& cidr, const std::string& part) {
    return core_paths("{kind: NetworkPolicy, spec: {ingress: [{from: [{ipBlock: {cidr: \"" + cidr +
                      "\", except: [\"" + part + "\"]}}]}]}}");
  };
  const std::vector<std::string> refused = {"spec.ingress[0].from[0].ipBlock.except[0]"};
  CHECK(except("10.0.0.0/8", "10.1.0.0/16").empty());
  CHECK(except("10.0.0.0/9", "10.128.0.0/16") == refused);
  CHECK(except("10.0.0.0/8", "10.0.0.0/8") == refused);
  CHECK(except("10.0.0.0/8", "10.1.0.0") == refused);
  CHECK(except("10.0.0.0/8", "2001:db8::/64") == refused);
  CHECK(except("2001:db8::/32", "2001:db8:1::/48").empty());
}

TEST_CASE("names and labels are looked at as the API server does") {
  const auto told = [](std::string_view object, std::string_view kind, bool core) {
    const Read read(object);
    return kube::validate_names(read.value, kind, core).size();
  };
  CHECK(told("{metadata: {name: a-1}}", "Service", true) == 0);
  CHECK(told("{metadata: {name: a.1}}", "Service", true) == 1);
  CHECK(told("{metadata: {name: a.1}}", "Deployment", true) == 0);
  CHECK(told("{metadata: {name: A}}", "PodAutoscaler", false) == 1);
  CHECK(told("{metadata: {name: \"system:x\"}}", "ClusterRole", true) == 0);
  CHECK(told("{metadata: {name: a, labels: {x/y: \"a b\"}}}", "Pod", true) == 1);
  CHECK(told("{metadata: {name: a, labels: {\"x y\": a, -b: c}}}", "Pod", true) == 2);
  CHECK(told("{metadata: {name: a, annotations: {X.example/Y: \"a b\"}}}", "Pod", true) == 0);
}
