// Foreign text for the targets that reports are written for: one function each. (Terminals and
// logs: base::printable and base::log_text; shells: base::shell_word; YAML: kube/files/yaml_text.)
#pragma once
#include <string>
#include <string_view>

namespace report {

// A code span of GitHub's Markdown, also within a table: in it there are no links, images,
// mentions, references, emphasis or HTML. Empty for an empty text.
std::string markdown_code(std::string_view text);

// What stands between the quotes of a node of a Mermaid flowchart.
std::string mermaid_label(std::string_view text);

// The message of a workflow command of GitHub Actions ("::error::MESSAGE"), whose line ends are
// kept, and the value of one of its properties ("file=VALUE").
std::string workflow_message(std::string_view text);
std::string workflow_property(std::string_view text);

// Text or the value of an attribute, in quotes of either kind, in XML, HTML and SVG. xml_lines()
// keeps line ends.
std::string xml_text(std::string_view text);
std::string xml_lines(std::string_view text);

// What stands between the quotes of a label of Graphviz.
std::string dot_label(std::string_view text);

// What stands between the quotes of a label of Prometheus and OpenMetrics.
std::string metric_label(std::string_view text);

}  // namespace report
