import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { anythingScript } from "../support/product/anythingEditor";

interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly imports: readonly { readonly path: string; readonly external?: boolean }[];
      }
    >
  >;
}

const metafile = JSON.parse(fs.readFileSync(path.join("dist", "meta.json"), "utf8")) as Metafile;
/** The bundles of the extension host. The script of the history panel's page runs in a browser. */
const entries = Object.keys(metafile.outputs).filter((file) => /^dist\/[^/]*\.js$/.test(file));

/** The entry points that are loaded on demand. */
const loadedOnDemand = ["product", "commands", "demo"];
assert.deepEqual(entries.map((file) => path.basename(file, ".js")).sort(), [...loadedOnDemand, "extension"].sort());

/**
 * Runs in its own process. Loads a bundle with a stub `vscode` in which every member exists and does nothing, and
 * prints the changes it made to the process. All extensions of a window share `process`.
 */
const probe = `
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const dispatcher = Symbol.for("undici.globalDispatcher.1");
${anythingScript}
const load = Module._load;
Module._load = (request, ...rest) => (request === "vscode" ? anything : load(request, ...rest));
if (process.argv[2] === "host") globalThis[dispatcher] = { dispatch() {} };
const listeners = () => Object.fromEntries(process.eventNames().map((name) => [String(name), process.rawListeners(name).length]));
const keys = () => Reflect.ownKeys(globalThis).map(String).sort();
const shared = () => ({
  dispatcher: globalThis[dispatcher],
  fetch: globalThis.fetch,
  setTimeout: globalThis.setTimeout,
  prepareStackTrace: Error.prepareStackTrace,
  emit: process.emit,
  on: process.on,
  toJSON: Date.prototype.toJSON,
  ...Object.fromEntries(Object.keys(fs).filter((name) => name !== "promises").map((name) => ["fs." + name, fs[name]])),
});
globalThis.fetch;
const before = { shared: shared(), listeners: listeners(), keys: keys(), handles: process.getActiveResourcesInfo().length };
require(path.resolve(process.argv[1]));
const after = { shared: shared(), listeners: listeners(), keys: keys(), handles: process.getActiveResourcesInfo().length };
const changed = Object.keys({ ...before.shared, ...after.shared }).filter((name) => before.shared[name] !== after.shared[name]);
for (const name of ["listeners", "keys", "handles"]) {
  if (JSON.stringify(before[name]) !== JSON.stringify(after[name])) changed.push(name);
}
console.log(JSON.stringify(changed));
`;

function changedByLoading(file: string, host: boolean): unknown {
  const printed = execFileSync(process.execPath, ["-e", probe, file, ...(host ? ["host"] : [])], { encoding: "utf8" });
  return JSON.parse(printed);
}

describe("the bundle", () => {
  it("is a production build", () => {
    for (const file of entries) assert.doesNotMatch(fs.readFileSync(file, "utf8"), /sourceMappingURL/, file);
  });

  for (const file of entries) {
    it(`${file} leaves dispatcher, fetch, fs, process and its listeners unchanged when loaded`, () => {
      assert.deepEqual(changedByLoading(file, false), []);
      assert.deepEqual(changedByLoading(file, true), []);
    });
  }

  it("would fail this test if it changed any of them", () => {
    const file = path.join("out", "probe.cjs");
    const changes: Readonly<Record<string, string>> = {
      dispatcher: 'globalThis[Symbol.for("undici.globalDispatcher.1")] = {}',
      "fs.close": 'require("fs").close = () => {}',
      emit: "process.emit = () => true",
      listeners: 'process.on("SIGTERM", () => {})',
      fetch: "globalThis.fetch = () => {}",
      keys: "globalThis.mine = 1",
      handles: "setInterval(() => {}, 1000).ref(); setTimeout(() => process.exit(), 50)",
    };
    fs.mkdirSync("out", { recursive: true });
    try {
      for (const [name, code] of Object.entries(changes)) {
        fs.writeFileSync(file, code);
        assert.ok((changedByLoading(file, true) as readonly string[]).includes(name), name);
      }
    } finally {
      fs.rmSync(file, { force: true });
    }
  });

  it("contains no undici and nothing from tests or scripts", () => {
    for (const input of Object.keys(metafile.inputs)) {
      assert.doesNotMatch(
        input,
        /node_modules\/(?:undici|@types|mocha|fast-check|playwright-core)\/|^(?:test|scripts)\//,
      );
    }
  });

  it("requires only Node's modules, vscode and its own entries", () => {
    const known = new Set([
      "vscode",
      ...loadedOnDemand.map((name) => `./${name}`),
      ...builtinModules,
      ...builtinModules.map((name) => `node:${name}`),
    ]);
    for (const [file, { imports }] of Object.entries(metafile.outputs)) {
      for (const { path: name, external } of imports)
        assert.ok(external !== true || known.has(name), `${file}: ${name}`);
    }
  });

  it("reads the editor's API once in each entry and copies it into none", () => {
    for (const file of entries) {
      const calls = fs.readFileSync(file, "utf8").match(/.{0,20}require\("vscode"\)/g) ?? [];
      assert.ok(calls.length <= 1, `${file}: ${calls.join(" ; ")}`);
      // esbuild's interop helper copies every member.
      for (const call of calls) assert.match(call, /[=,;]require\("vscode"\)$/, file);
    }
  });

  it("contains the Volvo ID library only in product.js, and the schema library not in the main entry", () => {
    const holders = (library: string) =>
      entries.filter((file) =>
        Object.keys(metafile.outputs[file]?.inputs ?? {}).some((input) => input.includes(`/${library}/`)),
      );
    assert.deepEqual(holders("oauth4webapi"), ["dist/product.js"]);
    assert.ok(!holders("valibot").includes("dist/extension.js"));
  });

  it("contains no server, no Volvo ID and no faults in demo.js", () => {
    const demo = metafile.outputs["dist/demo.js"];
    assert.ok(demo);
    const imports = demo.imports.map(({ path: name }) => name);
    assert.deepEqual(
      imports.filter((name) => /^(?:node:)?(?:https?2?|net|tls|dgram|child_process)$/.test(name)),
      [],
    );
    const inputs = Object.keys(demo.inputs);
    assert.ok(inputs.includes("src/simulator/faultlessVolvo.ts"));
    assert.deepEqual(
      inputs.filter((input) =>
        /^src\/simulator\/(?:(?:server|sendAnswer|control)\.ts$|faults\/\w+Faults\.ts$|volvoId\/)/.test(input),
      ),
      [],
    );
  });

  it("starts with its main entry alone and creates no Intl object, the slowest part of a start", () => {
    const code = `
      const Module = require("node:module");
      const load = Module._load;
      const own = [];
      for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Intl))) {
        if (typeof value !== "function" || !value.prototype) continue;
        const construct = (target, given, made) => (own.push(name), Reflect.construct(target, given, made));
        Intl[name] = new Proxy(value, { construct });
      }
      const anything = new Proxy(class {}, { get: () => anything });
      Module._load = (request, ...rest) => {
        if (request === "vscode") return anything;
        if (request.startsWith("./")) own.push(request);
        return load(request, ...rest);
      };
      require(${JSON.stringify(path.resolve("dist", "extension.js"))});
      console.log(JSON.stringify(own));`;
    assert.deepEqual(JSON.parse(execFileSync(process.execPath, ["-e", code], { encoding: "utf8" })), []);
  });

  it("excludes modules that are loaded on demand from the main entry", () => {
    const main = Object.keys(metafile.outputs["dist/extension.js"]?.inputs ?? {});
    assert.ok(main.includes("src/extension.ts"));
    const onDemand =
      /^src\/(?:simulator|volvo|auth|commands|product|demo)|\/(?:oauth4webapi|valibot)\/|carStore\.ts|stateFolder/;
    assert.deepEqual(main.filter((input) => onDemand.test(input)).sort(), [
      "src/auth/sessionState.ts",
      "src/commands/register.ts",
    ]);
  });
});
