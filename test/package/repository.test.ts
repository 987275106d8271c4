import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";

interface FormPart {
  readonly type: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly validations?: { readonly required?: boolean };
}

interface IssueForm {
  readonly name: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly body: readonly FormPart[];
}

const forms = path.join(".github", "ISSUE_TEMPLATE");
const readYaml = (file: string): unknown => parse(fs.readFileSync(file, "utf8"));
const readForm = (name: string) => readYaml(path.join(forms, name)) as IssueForm;
const textOf = (value: unknown) => (typeof value === "string" ? value : "");

/** The faults for which GitHub, by its documentation, silently does not show an issue form. */
function formFaults({ name, description, body }: IssueForm): readonly string[] {
  const asking = body.filter(({ type }) => type !== "markdown");
  const ids = asking.map(({ id }) => id ?? "");
  return [
    ...(name === "" || description === "" ? ["no name or description"] : []),
    ...(asking.length === 0 ? ["asks nothing"] : []),
    ...body.flatMap(({ type, attributes }) => {
      if (type === "markdown") return textOf(attributes["value"]) === "" ? ["an empty text"] : [];
      if (!["textarea", "input", "dropdown", "checkboxes"].includes(type)) return [`unknown: ${type}`];
      return textOf(attributes["label"]) === "" ? [`a ${type} without a label`] : [];
    }),
    ...ids.flatMap((id, index) => {
      if (!/^[\w-]+$/.test(id)) return [`not an id: ${id}`];
      return ids.indexOf(id) === index ? [] : [`twice: ${id}`];
    }),
  ];
}

describe("the repository", () => {
  it("has forms for bugs and ideas, each with a warning not to post keys or VINs", () => {
    for (const name of ["bug.yml", "idea.yml"]) {
      const form = readForm(name);
      assert.deepEqual(formFaults(form), [], name);
      const [first] = form.body;
      assert.match(
        textOf(first?.attributes["value"]),
        /Never post a VCC API key, a token, a client secret or a full VIN/,
      );
    }
  });

  it("requires diagnostics in a bug report, and a confirmation that it contains no secret", () => {
    const { body } = readForm("bug.yml");
    const diagnostics = body.find(({ id }) => id === "diagnostics");
    assert.match(textOf(diagnostics?.attributes["description"]), /\*\*Volvo Charging: Show Diagnostics\*\*/);
    assert.equal(diagnostics?.validations?.required, true);
    const confirmation = body.find(({ type }) => type === "checkboxes")?.attributes["options"];
    assert.equal((confirmation as readonly { readonly required: boolean }[])[0]?.required, true);
  });

  it("recognizes a form that GitHub would not show", () => {
    const good: IssueForm = {
      name: "A",
      description: "B",
      labels: [],
      body: [{ type: "input", id: "a", attributes: { label: "A" } }],
    };
    const part: FormPart = { type: "input", id: "b", attributes: { label: "B" } };
    const faultsWith = (broken: FormPart) => formFaults({ ...good, body: [...good.body, broken] });
    assert.deepEqual(formFaults(good), []);
    assert.deepEqual(formFaults({ ...good, name: "" }), ["no name or description"]);
    assert.deepEqual(formFaults({ ...good, body: [] }), ["asks nothing"]);
    assert.deepEqual(faultsWith({ ...part, id: "a" }), ["twice: a"]);
    assert.deepEqual(faultsWith({ ...part, id: "b c" }), ["not an id: b c"]);
    assert.deepEqual(faultsWith({ ...part, type: "text" }), ["unknown: text"]);
    assert.deepEqual(faultsWith({ ...part, attributes: {} }), ["a input without a label"]);
    assert.deepEqual(faultsWith({ type: "markdown", attributes: { value: "" } }), ["an empty text"]);
  });

  it("offers private vulnerability reports and no blank issues", () => {
    const config = readYaml(path.join(forms, "config.yml")) as {
      readonly blank_issues_enabled: boolean;
      readonly contact_links: readonly { readonly url: string }[];
    };
    assert.equal(config.blank_issues_enabled, false);
    const advisory = "https://github.com/chargeglance/volvo-charging-status/security/advisories/new";
    assert.ok(config.contact_links.some(({ url }) => url === advisory));
    assert.ok(fs.readFileSync("SUPPORT.md", "utf8").includes(advisory));
  });

  it("links only existing forms in SUPPORT.md", () => {
    const linked = [...fs.readFileSync("SUPPORT.md", "utf8").matchAll(/template=([\w.]+)/g)].map(([, name]) => name);
    assert.deepEqual(linked.sort(), ["bug.yml", "idea.yml"]);
    for (const name of linked) assert.ok(fs.existsSync(path.join(forms, name ?? "")), name);
  });

  it("updates packages and actions weekly, in groups, and only to versions at least a week old", () => {
    const { version, updates } = readYaml(path.join(".github", "dependabot.yml")) as {
      readonly version: number;
      readonly updates: readonly {
        readonly "package-ecosystem": string;
        readonly schedule: { readonly interval: string };
        readonly cooldown: { readonly "default-days": number };
        readonly groups: object;
      }[];
    };
    assert.equal(version, 2);
    assert.deepEqual(updates.map((update) => update["package-ecosystem"]).sort(), ["github-actions", "npm"]);
    for (const { schedule, cooldown, groups } of updates) {
      assert.equal(schedule.interval, "weekly");
      assert.ok(cooldown["default-days"] >= 7);
      assert.ok(Object.keys(groups).length > 0);
    }
  });

  it("has a task for each launch configuration, and an npm script for each task", () => {
    const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { readonly scripts: object };
    const { tasks } = readYaml(path.join(".vscode", "tasks.json")) as {
      readonly tasks: readonly { readonly label: string; readonly type: string; readonly script: string }[];
    };
    const { configurations } = readYaml(path.join(".vscode", "launch.json")) as {
      readonly configurations: readonly { readonly name: string; readonly preLaunchTask: string }[];
    };
    assert.ok(configurations.some(({ name }) => name === "Run Extension"));
    for (const { preLaunchTask } of configurations)
      assert.ok(
        tasks.some(({ label }) => label === preLaunchTask),
        preLaunchTask,
      );
    for (const { script } of tasks) assert.ok(script in scripts, script);
  });
});
