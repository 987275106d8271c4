import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { workflowFaults } from "./workflowFaults";

const folder = path.join(".github", "workflows");
const read = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");

/** A broken copy of a workflow: the replacement of a text in it, and a part of the expected fault. */
interface Broken {
  readonly file: string;
  readonly change: readonly [from: string | RegExp, to: string];
  readonly fault: string;
}

const checkout = /actions\/checkout@[0-9a-f]{40} # v[\d.]+/;

const broken: Readonly<Record<string, Broken>> = {
  "an action of a branch": {
    file: "ci.yml",
    change: [checkout, "actions/checkout@main"],
    fault: "line 24: actions/checkout@main is not pinned",
  },
  "an action of a tag": { file: "release.yml", change: [checkout, "actions/checkout@v7"], fault: "is not pinned" },
  "an abbreviated commit": {
    file: "ci.yml",
    change: [/([0-9a-f]{39})[0-9a-f] # v7/, "$1 # v7"],
    fault: "is not pinned",
  },
  "a commit without its version": { file: "ci.yml", change: [/ # v7\.0\.1/, ""], fault: "is not pinned" },
  "an image in place of an action": { file: "ci.yml", change: [checkout, "docker://alpine:3"], fault: "is not pinned" },
  "the default permissions": {
    file: "ci.yml",
    change: ["permissions:\n  contents: read\n", ""],
    fault: "all jobs are allowed the default permissions",
  },
  "all permissions": {
    file: "dependency-review.yml",
    change: ["permissions:\n  contents: read\n", "permissions: write-all\n"],
    fault: "all jobs are allowed write-all",
  },
  "a permission for all jobs": {
    file: "release.yml",
    change: ["permissions:\n  contents: read\n", "permissions:\n  contents: read\n  id-token: write\n"],
    fault: "all jobs are allowed contents: read, id-token: write",
  },
  "a job with more permissions than it needs": {
    file: "release.yml",
    change: ["      contents: write\n", "      contents: write\n      packages: write\n"],
    fault: "the job github is allowed packages: write",
  },
  "a job of a pull request that may write": {
    file: "ci.yml",
    change: ["    name: Package\n", "    name: Package\n    permissions: write-all\n"],
    fault: "the job package is allowed write-all",
  },
  "a token for the Marketplace": {
    file: "release.yml",
    change: ["vsce publish --oidc", 'vsce publish --pat "$TOKEN"'],
    fault: "a stored credential",
  },
  "a token for the Marketplace by its variable": {
    file: "release.yml",
    change: [/( +)- run: (npx --no-install vsce .*)/, "$1- run: $2\n$1  env:\n$1    VSCE_PAT: ${{ vars.TOKEN }}"],
    fault: "a stored credential: VSCE_PAT",
  },
  "a token for Open VSX": {
    file: "release.yml",
    change: ["ovsx publish --trusted-publishing", "ovsx publish -p abc"],
    fault: "a stored credential",
  },
  "a secret": {
    file: "ci.yml",
    change: ["      - run: npm run check", "      - run: npm run check\n        env:\n          A: ${{ secrets.A }}"],
    fault: "a stored credential: A: ${{ secrets.A }}",
  },
  "secrets that are handed on": {
    file: "release.yml",
    change: ["uses: ./.github/workflows/ci.yml", "uses: ./.github/workflows/ci.yml\n    secrets: inherit"],
    fault: "the job test hands secrets on",
  },
  "no exchange of a token": {
    file: "release.yml",
    change: ["ovsx publish --trusted-publishing", "ovsx publish"],
    fault: "published without the exchange of a token",
  },
  "a credential left in the checkout": {
    file: "ci.yml",
    change: ["persist-credentials: false", "persist-credentials: true"],
    fault: "the job check leaves its credential in the checkout",
  },
  "a cache": { file: "ci.yml", change: ["package-manager-cache: false", "cache: npm"], fault: "uses a cache" },
  "an expression in a script": {
    file: "ci.yml",
    change: ["npm run check", "echo ${{ github.event.pull_request.title }}"],
    fault: "puts an expression into a script",
  },
  "a package that no lock file names": {
    file: "release.yml",
    change: ["npx --no-install vsce", "npx vsce"],
    fault: "runs what package-lock.json does not name",
  },
  "a job without a time limit": {
    file: "ci.yml",
    change: ["    timeout-minutes: 10\n", ""],
    fault: "the job check has no time limit",
  },
  "a start with the rights of the main branch": {
    file: "ci.yml",
    change: ["  pull_request:\n", "  pull_request_target:\n"],
    fault: "it is started by pull_request_target",
  },
  "a machine that keeps its state": {
    file: "ci.yml",
    change: ["runs-on: ubuntu-24.04", "runs-on: [self-hosted, linux]"],
    fault: "runs on a machine that keeps its state",
  },
  "a release without a tag": {
    file: "release.yml",
    change: ['    tags: ["v*"]\n', '    tags: ["v*"]\n  workflow_dispatch:\n'],
    fault: "it is started by more than a tag v*",
  },
  "no comparison of the tag": {
    file: "release.yml",
    change: [/npm run --silent release:tag.*/, "echo"],
    fault: "no first job compares the tag with the version",
  },
  "a comparison without consequences": {
    file: "release.yml",
    change: [/(release:tag.*)/, "$1\n        continue-on-error: true"],
    fault: "no first job compares the tag with the version",
  },
  "tests beside the comparison": {
    file: "release.yml",
    change: ["    needs: tag\n", ""],
    fault: "the job test does not wait for the tag's",
  },
  "a release without tests": {
    file: "release.yml",
    change: ["needs: [tag, test]", "needs: [tag]"],
    fault: "the job publish does not wait for the tests",
  },
  "a job that runs after a failure": {
    file: "release.yml",
    change: ["    environment: registries\n", "    environment: registries\n    if: always()\n"],
    fault: "the job publish may run after a failure",
  },
  "no approval": {
    file: "release.yml",
    change: ["    environment: registries\n", ""],
    fault: "the job publish publishes without approval",
  },
  "a package that was not verified": {
    file: "release.yml",
    change: [/gh attestation verify .*/, "echo"],
    fault: "the job publish publishes an unverified package",
  },
  "one registry only": {
    file: "release.yml",
    change: [/ {6}- run: npx --no-install ovsx .*\n/, ""],
    fault: "ovsx publish is in 0 steps",
  },
};

describe("the workflows", () => {
  it("pin their actions, have minimal permissions and no credential, and publish only a tagged, tested version", () => {
    const files = fs.readdirSync(folder);
    assert.ok(files.length >= 3 && files.every((file) => file.endsWith(".yml")), files.join());
    for (const file of files) assert.deepEqual(workflowFaults(file, read(file)), [], file);
  });

  for (const [what, { file, change, fault }] of Object.entries(broken)) {
    it(`fail the check with ${what}`, () => {
      const original = read(file);
      const copy = original.replace(...change);
      assert.notEqual(copy, original, "the replaced text exists");
      const faults = workflowFaults(file, copy);
      assert.ok(
        faults.some((found) => found.includes(fault)),
        faults.join("\n") || "no fault",
      );
    });
  }

  it("run every part of npm test and npm run test:slow", () => {
    const { scripts } = JSON.parse(fs.readFileSync("package.json", "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const parts = [...`${scripts["test"] ?? ""} npm run -s test:slow`.matchAll(/npm run -s ([\w:]+)/g)];
    assert.ok(parts.length > 8);
    const { jobs } = parse(read("ci.yml")) as {
      readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
    };
    const run = new Set(Object.values(jobs).flatMap(({ steps }) => steps.map((step) => step.run)));
    for (const [, name = ""] of parts) assert.ok(run.has(`npm run ${name}`), name);
  });

  it("fail npm run check if their syntax is faulty, with the line of each fault", () => {
    const copies = fs.mkdtempSync(path.join(os.tmpdir(), "volvo-workflows-"));
    try {
      const bad = read("release.yml")
        .replace("needs: [tag, attest]", "needs: [tag, atest]")
        .replace("needs.tag.outputs.version", "needs.tag.outputs.versions")
        .replace("runs-on", "run-on");
      fs.writeFileSync(path.join(copies, "release.yml"), bad);
      const { status, stderr } = spawnSync(process.execPath, [path.join("scripts", "workflows", "check.cjs"), copies]);
      assert.equal(status, 1);
      for (const fault of [
        /release\.yml:\d+: .*'atest'/,
        /release\.yml:\d+: .*versions/,
        /release\.yml:\d+: .*'run-on'/,
      ])
        assert.match(String(stderr), fault);
    } finally {
      fs.rmSync(copies, { recursive: true });
    }
  });
});
