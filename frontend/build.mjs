// Builds every entry point into shouwen/ui/static/dist. Same input, same bytes: no hashes, no dates.
//
//   src/<folder>/main.ts   -> dist/<folder>.js        src/<folder>/main.css -> dist/<folder>.css
//   src/widget/loader.ts   -> dist/widget-loader.js   icons.json            -> dist/icons.svg

import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const dist = join(here, "..", "shouwen", "ui", "static", "dist");
const watching = process.argv.includes("--watch");

async function entryPoints() {
  const entries = {};
  for (const folder of (await readdir(source, { withFileTypes: true })).filter((one) => one.isDirectory())) {
    for (const extension of ["ts", "css"]) {
      const file = join(source, folder.name, `main.${extension}`);
      // esbuild names outputs by key alone: scripts and styles of one folder are built apart.
      if (existsSync(file)) (entries[extension] ??= {})[folder.name] = file;
    }
  }
  const loader = join(source, "widget", "loader.ts");
  if (existsSync(loader)) entries.ts["widget-loader"] = loader;
  return entries;
}

async function buildSprite() {
  const { outline = [], filled = [] } = JSON.parse(await readFile(join(here, "icons.json"), "utf8"));
  const icons = join(here, "node_modules", "@tabler", "icons", "icons");
  const symbols = [];
  for (const [kind, names] of Object.entries({ outline, filled })) {
    for (const name of [...names].sort()) {
      const file = join(icons, kind, `${name}.svg`);
      if (!existsSync(file)) throw new Error(`icons.json names "${name}" (${kind}), which @tabler/icons does not have`);
      symbols.push(toSymbol(await readFile(file, "utf8"), kind === "filled" ? `${name}-filled` : name, kind));
    }
  }
  await writeFile(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

function toSymbol(svg, id, kind) {
  const body = svg
    .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "");
  const paint =
    kind === "filled"
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${id}" viewBox="0 0 24 24" ${paint}>${body}</symbol>`;
}

async function removeStale() {
  const names = Object.entries(entries).flatMap(([kind, files]) => Object.keys(files).map((name) => `${name}.${kind === "ts" ? "js" : kind}`));
  for (const name of await readdir(dist)) {
    if (name !== "icons.svg" && !names.includes(name)) await rm(join(dist, name), { recursive: true });
  }
}

async function refuseForeignAddresses() {
  for (const name of (await readdir(dist)).filter((one) => one.endsWith(".css"))) {
    const css = await readFile(join(dist, name), "utf8");
    const foreign = css.match(/(?:url\(\s*["']?|@import\s+["'])(?:https?:)?\/\/[^"')]+/);
    if (foreign) throw new Error(`${name} loads from elsewhere: ${foreign[0]}`);
  }
}

await mkdir(dist, { recursive: true });

const options = {
  outdir: dist,
  bundle: true,
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  target: ["chrome109", "firefox115", "safari16"],
  format: "iife",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  loader: { ".svg": "text" }, // Icons of the chat, without the sprite.
};

// What visitors load on our customers' websites must stay small: kilobytes after gzip.
const budgets = { "widget-loader": { files: ["widget-loader.js"], limit: 4 }, widget: { files: ["widget.js", "widget.css"], limit: 35 } };

async function holdBudgets() {
  for (const [name, { files, limit }] of Object.entries(budgets)) {
    const present = files.filter((file) => existsSync(join(dist, file)));
    const sizes = await Promise.all(present.map(async (file) => gzipSync(await readFile(join(dist, file))).length));
    const total = sizes.reduce((sum, one) => sum + one, 0) / 1024;
    console.log(`${name}: ${total.toFixed(1)} of ${limit} KB gzipped`);
    if (total > limit) throw new Error(`${name} is larger than its budget`);
  }
}

const entries = await entryPoints();
const contexts = await Promise.all(
  Object.values(entries).map((entryPoints) => esbuild.context({ ...options, entryPoints })),
);
await Promise.all(contexts.map((context) => context.rebuild()));
await buildSprite();
await removeStale();
await refuseForeignAddresses();
if (!watching) await holdBudgets();

if (watching) {
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(contexts.map((context) => context.dispose()));
}
