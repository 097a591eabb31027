// Whether Mermaid's own parser takes each of the files named: prints "ok" or why not, a line each.
// Usage: node mermaid_parse.mjs NODE_MODULES FILE...
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(pathToFileURL(modules + "/x.js"));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import(pathToFileURL(modules + "/mermaid/dist/mermaid.core.mjs"));
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
for (const file of files) {
  try {
    const parsed = await mermaid.mermaidAPI.getDiagramFromText(readFileSync(file, "utf8"));
    const vertices = [...parsed.db.getVertices().values()];
    const clicks = vertices.filter((v) => v.link || v.haveCallback).length;
    console.log(JSON.stringify({ ok: true, nodes: vertices.map((v) => v.text), edges: parsed.db.getEdges().length, clicks }));
  } catch (error) {
    console.log(JSON.stringify({ ok: false, why: String(error).slice(0, 400) }));
  }
}
