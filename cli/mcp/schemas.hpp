// The output schemas of tools.
#pragma once
#include <string_view>

namespace cli {

// What a client may count on of the document of a tool, as JSON Schema: the part of
// lib/report/report.schema.json that tools/list has room for. Fields may be added, there and here.
inline constexpr std::string_view doctor_schema = R"({"type":"object",
"required":["apiVersion","kind","run","cluster","summary","findings","checks","exitCode"],
"properties":{
"apiVersion":{"const":"aibrixctl/v1"},
"kind":{"const":"DoctorReport"},
"run":{"type":"object","required":["source","complete"],"properties":{
 "source":{"enum":["cluster","files","snapshot"]},
 "complete":{"type":"boolean","description":"false: something that should have been looked at was not"}}},
"cluster":{"type":"object"},
"summary":{"type":"object","required":["error","warning","info","ok"],"additionalProperties":{"type":"integer"}},
"findings":{"type":"array","description":"causes, what to repair first in front","items":{"type":"object",
 "required":["code","level","fingerprint","title","object","evidence"],"properties":{
 "code":{"type":"string","description":"explain tells what it means"},
 "level":{"enum":["error","warning","info"]},
 "fingerprint":{"type":"string"},
 "title":{"type":"string"},
 "object":{"type":"object","required":["kind","name"]},
 "evidence":{"type":"array","items":{"type":"object","required":["key","value"]}},
 "also":{"type":"array","description":"what follows from it, not counted again"},
 "remedies":{"type":"array","items":{"type":"object","required":["confidence","text"],"properties":{
  "confidence":{"enum":["safe","review","manual"]},"command":{"type":"string"}}}}}}},
"checks":{"type":"array","items":{"type":"object","required":["code","area","outcome"],"properties":{
 "outcome":{"enum":["ok","found","skipped","undetermined"]}}}},
"notes":{"type":"array","items":{"type":"string"}},
"exitCode":{"type":"integer","description":"1: there are errors"}}})";

inline constexpr std::string_view trace_schema = R"({"type":"object",
"required":["apiVersion","kind","exitCode"],
"properties":{
"apiVersion":{"const":"aibrixctl/v1"},
"kind":{"enum":["Trace","TraceList"],"description":"Trace with a model, TraceList without"},
"model":{"type":"string"},
"servedBy":{"type":"array","items":{"type":"string"}},
"strategy":{"type":"object","required":["works"],"description":"requests with a routing strategy"},
"route":{"type":"object","required":["works"],"description":"requests by the HTTPRoute"},
"hops":{"type":"array","items":{"type":"object","required":["name","way","state"],"properties":{
 "way":{"enum":["every","strategy","route"]},
 "state":{"enum":["holds","limited","broken","unknown"]},
 "detail":{"type":"string"},"reason":{"type":"string"},"code":{"type":"string"}}}},
"models":{"type":"array","items":{"type":"object","required":["model","servedBy","pods","strategy","route"]}},
"exitCode":{"type":"integer","description":"1: requests fail"}}})";

inline constexpr std::string_view explain_schema = R"({"type":"object",
"required":["apiVersion","kind"],
"properties":{
"apiVersion":{"const":"aibrixctl/v1"},
"kind":{"enum":["CheckCatalogue","AnswerExplanation"],"description":"CheckCatalogue of a code, AnswerExplanation of a text"},
"checks":{"type":"array","items":{"type":"object","required":["code","area","title","meaning","causes","fix"]}},
"answers":{"type":"array","items":{"type":"object","required":["form","recognised","seen"],"properties":{
 "recognised":{"type":"boolean"},"id":{"type":"string"},"meaning":{"type":"string"},
 "causes":{"type":"array","description":"the likeliest first","items":{"type":"object","required":["text","codes"],"properties":{
  "state":{"enum":["holds","ruled out","not checked","not visible in the cluster"]}}}}}}},
"findings":{"type":"array","description":"what proves a cause, as doctor has it"},
"exitCode":{"type":"integer"}}})";

inline constexpr std::string_view endpoint_schema = R"({"type":"object",
"required":["apiVersion","kind","from","addresses","exitCode"],
"properties":{
"apiVersion":{"const":"aibrixctl/v1"},
"kind":{"const":"Endpoint"},
"from":{"enum":["outside","node","inside"],"description":"where the clients are"},
"url":{"type":"string","description":"not there: there is no address, notes say why"},
"baseUrl":{"type":"string","description":"for OpenAI clients"},
"routingStrategy":{"type":"string","description":"a header that requests for this model need"},
"addresses":{"type":"array","items":{"type":"object","required":["url","baseUrl","reachableFrom"]}},
"notes":{"type":"array","items":{"type":"string"}},
"exitCode":{"type":"integer","description":"1: there is no address"}}})";

inline constexpr std::string_view plan_schema = R"({"type":"object",
"required":["apiVersion","kind","fix","options","cluster","steps","exitCode"],
"properties":{
"apiVersion":{"const":"aibrixctl/v1"},
"kind":{"const":"FixPlan"},
"fix":{"type":"string"},
"options":{"type":"object"},
"cluster":{"type":"object"},
"steps":{"type":"array","description":"what would be sent; nothing was","items":{"type":"object","required":["verb","object","what","danger"],"properties":{
 "verb":{"enum":["patch","create","delete"]},
 "danger":{"enum":["undoable","permanent"]}}}},
"tryFirst":{"type":"array","items":{"type":"object","required":["text"]}},
"blockers":{"type":"array","description":"what keeps it from being applied","items":{"type":"object","required":["text"]}},
"unread":{"type":"array","description":"what could not be looked at","items":{"type":"string"}},
"exitCode":{"type":"integer","description":"1: something is in the way"}}})";

}  // namespace cli
