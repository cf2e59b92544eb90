// bench/anchoring/run.ts
import { parseArgs } from "node:util";

// bench/anchoring/chromium.ts
import { build as build2 } from "esbuild";
import { chromium as chromium3 } from "playwright-core";

// browsers.ts
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
function findChromium() {
  return find({
    variable: "CHROMIUM",
    commands: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    places: [
      "/Applications/Chromium.app/Contents/MacOS/Chromium",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
      chromium.executablePath()
    ],
    debian: "chromium",
    name: "Chromium"
  });
}
function find({ variable, commands, places, debian, name }) {
  const told = process.env[variable];
  if (told) {
    if (isProgram(told)) return told;
    throw new Error(`${variable} is set to ${told}, which is not a program that can be started.`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const candidates = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  const found = [...candidates, ...places].find(isProgram);
  if (found) return found;
  throw new Error(
    `The tests need ${name}, and none was found. On Debian or Ubuntu: apt-get install ${debian}. Elsewhere: install ${name}, or set ${variable} to its path.`
  );
}
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// extension/anchoring/browser.ts
import { build } from "esbuild";
import { chromium as chromium2 } from "playwright-core";
var CHROMIUM_FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
];

// bench/anchoring/chromium.ts
async function openChromium(entry) {
  const bundle = await build2({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "bench",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    logLevel: "error"
  });
  const script = bundle.outputFiles[0]?.text ?? "";
  const browser = await chromium3.launch({
    executablePath: findChromium(),
    args: [...CHROMIUM_FLAGS, "--js-flags=--expose-gc"]
  });
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.setContent('<!doctype html><meta charset="utf-8"><body></body>');
  await page.evaluate(`${script}
globalThis.bench = bench;`);
  return { browser, page };
}

// bench/anchoring/random.ts
function seedOf(text) {
  let hash = 2166136261;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash;
}

// bench/anchoring/accuracy.ts
async function measureAccuracy(options2) {
  const { browser, page } = await openChromium("bench/anchoring/accuracy-page.ts");
  try {
    const cases = [];
    for (const { name, html } of options2.pages) {
      const task = { ...options2, pages: void 0, name, html, vocabulary: words(options2.pages, name) };
      cases.push(...await page.evaluate((task2) => bench.runAccuracy(task2), task));
    }
    return cases;
  } finally {
    await browser.close();
  }
}
function words(pages2, except) {
  const found = [];
  for (const { name, html } of pages2) {
    if (name === except) continue;
    const text = html.replace(/<(script|style)[^]*?<\/\1>|<[^>]*>|&\w+;/g, " ");
    const all = text.match(/\p{L}{2,}/gu) ?? [];
    for (let i = seedOf(name) & 31; i < all.length; i += 37) found.push(all[i]);
  }
  return found.length > 50 ? found.slice(0, 2e3) : ["alpha", "beta", "gamma", "delta", "kappa"];
}
var OUTCOMES = ["good", "part", "wrong", "lost", "gone"];
function printTable(title, cases, by) {
  console.log(`
${title}`);
  console.log(
    `${by.padEnd(24)}${"n".padStart(6)}${OUTCOMES.map((name) => name.padStart(8)).join("")}   edges`
  );
  const groups = Map.groupBy(cases, (one) => one[by]);
  for (const [name, group] of [...groups, ["all", cases]]) {
    const share = (count) => (100 * count / group.length).toFixed(1).padStart(8);
    const columns = OUTCOMES.map(
      (outcome) => share(group.filter((one) => one.outcome === outcome).length)
    );
    const edged = group.filter((one) => one.edges !== null && one.outcome === "good");
    const exact = edged.filter((one) => one.edges === true).length;
    const edges = edged.length === 0 ? "" : (100 * exact / edged.length).toFixed(1).padStart(8);
    console.log(`${name.padEnd(24)}${String(group.length).padStart(6)}${columns.join("")}${edges}`);
  }
}

// bench/anchoring/corpus.ts
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join as join2 } from "node:path";
import MarkdownIt from "markdown-it";
var ARTICLES = ["paper/index.html", "sums/index.html", "tides/index.html"];
var DOCUMENTS = [
  ["undici/docs/docs/api/Dispatcher.md", false],
  ["pino/docs/transports.md", false],
  ["picomatch/README.md", false],
  ["common-tags/readme.md", false],
  ["fast-check/README.md", false],
  ["source-map/README.md", false],
  ["vite/LICENSE.md", false],
  ["pino/docs/api.md", true],
  ["yauzl/README.md", true],
  ["ajv/README.md", true],
  ["semver/README.md", true],
  ["lru-cache/README.md", true],
  ["expect-type/README.md", true],
  ["acorn/CHANGELOG.md", true]
];
function corpus(extraFolders, most) {
  const pages2 = [];
  for (const path of ARTICLES) {
    const file = join2("e2e/pages", path);
    if (existsSync(file)) pages2.push({ name: path, html: readFileSync(file, "utf8"), heldOut: false });
  }
  const markdown = new MarkdownIt({ html: true, linkify: false, typographer: true });
  for (const [path, heldOut] of DOCUMENTS) {
    const file = join2("node_modules", path);
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8").slice(0, 8e4);
    pages2.push({ name: path, html: asSite(markdown.render(text)), heldOut });
  }
  for (const folder of extraFolders) {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".html")).sort();
    const stride = Math.max(1, Math.floor(files.length / most));
    for (let i = 0, taken = 0; i < files.length && taken < most; i += stride) {
      const html = readFileSync(join2(folder, files[i]), "utf8");
      if (html.length < 8e3 || html.length > 4e5) continue;
      pages2.push({ name: `${basename(folder)}/${files[i]}`, html, heldOut: true });
      taken++;
    }
  }
  return pages2;
}
function asSite(article) {
  return `
    <header><a href="/">Home</a> <nav><ul><li><a href="/docs">Documentation</a></li>
    <li><a href="/blog">Blog</a></li><li><a href="/about">About</a></li></ul></nav></header>
    <main><article>${article}</article></main>
    <aside><h3>Related</h3><ul><li><a href="/a">Getting started</a></li>
    <li><a href="/b">Frequently asked questions</a></li></ul></aside>
    <footer><p>Edited by its contributors. All rights reserved.</p></footer>`;
}

// bench/anchoring/run.ts
var { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    failures: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
    quotes: { type: "string", default: "2" },
    pages: { type: "string", default: "12" },
    only: { type: "string" },
    set: { type: "string" }
  }
});
var MUTATION_NAMES = [
  "none",
  "blocks injected",
  "restructured",
  "edited 5 %",
  "edited 15 %",
  "edited 30 %",
  "context rewritten",
  "typography",
  "reader mode",
  "same quote earlier",
  "same paragraph earlier",
  "paragraph moved",
  "something inside",
  "half cut",
  "deleted",
  "paragraph deleted",
  "replaced",
  "page edited 8 %",
  "all at once"
];
var pages = corpus(positionals, Number(values.pages));
var options = {
  seed: Number(values.seed),
  quotesPerSize: Number(values.quotes),
  mutations: MUTATION_NAMES.filter((name) => values.only === void 0 || name.includes(values.only))
};
for (const heldOut of [false, true]) {
  if (values.set !== void 0 && values.set === "held" !== heldOut) continue;
  const some = pages.filter((page) => page.heldOut === heldOut);
  const began = performance.now();
  const cases = await measureAccuracy({ ...options, engine: "Postil", pages: some });
  const seconds = ((performance.now() - began) / 1e3).toFixed(0);
  const set = heldOut ? "held-out" : "tuned";
  printTable(`Postil, ${set} pages (${some.length}), ${seconds} s`, cases, "mutation");
  printTable("By size of the quote", cases, "size");
  if (values.failures) {
    for (const one of cases) {
      if (one.outcome !== "good" && one.outcome !== "gone") console.log(JSON.stringify(one));
      else if (one.edges === false) console.log("EDGES", JSON.stringify(one));
    }
  }
}
