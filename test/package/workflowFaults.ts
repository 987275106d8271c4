import { LineCounter, parse, parseDocument, visit } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly uses?: string;
  readonly secrets?: unknown;
  readonly environment?: unknown;
  readonly permissions?: unknown;
  readonly steps?: readonly Step[];
  readonly "runs-on"?: unknown;
  readonly "timeout-minutes"?: unknown;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The permissions that jobs may have beyond reading the repository, by workflow and job. */
const allowedPermissions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "release.yml": {
    attest: ["attestations: write", "id-token: write"],
    github: ["contents: write"],
    publish: ["attestations: read", "contents: read", "id-token: write"],
  },
};

/** The job that compares the tag with the version; every other job of the release waits for it. */
const firstOfRelease = "tag";
const tagCheck = 'npm run --silent release:tag -- "$GITHUB_REF_NAME"';

/**
 * Lists faults of a workflow that endanger a release. `file` is its name below .github/workflows. The syntax is checked
 * by scripts/workflows/check.cjs.
 */
export function workflowFaults(file: string, text: string): readonly string[] {
  const workflow = parse(text) as Workflow;
  return [
    ...pinFaults(text),
    ...permissionFaults(file, workflow),
    ...credentialFaults(text),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => jobFaults(name, job)),
    ...triggerFaults(workflow),
    ...(file === "release.yml" ? releaseFaults(workflow) : []),
  ];
}

/** Actions must be pinned to a commit, which never changes. Dependabot updates commit and version comment. */
function pinFaults(text: string): readonly string[] {
  const faults: string[] = [];
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  visit(document, {
    Pair(_, { key, value }) {
      if (String(key) !== "uses") return;
      const { value: action, comment, range } = value as { value: string; comment?: string; range: [number] };
      const isPinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(action) && /^ v\d+\.\d+\.\d+$/.test(comment ?? "");
      if (!action.startsWith("./.github/workflows/") && !isPinned)
        faults.push(
          `line ${String(lines.linePos(range[0]).line)}: ${action} is not pinned to a commit with its version`,
        );
    },
  });
  return faults;
}

function permissionFaults(file: string, { permissions, jobs }: Workflow): readonly string[] {
  const ofAll = listed(permissions);
  return [
    ...(ofAll.join() === "contents: read"
      ? []
      : [`all jobs are allowed ${ofAll.join(", ") || "the default permissions"}`]),
    ...Object.entries(jobs).flatMap(([name, job]) => {
      if (job.permissions === undefined) return [];
      const allowed = allowedPermissions[file]?.[name] ?? ["contents: read"];
      const excess = listed(job.permissions).filter((each) => !allowed.includes(each));
      return excess.map((each) => `the job ${name} is allowed ${each}`);
    }),
  ];
}

function listed(permissions: unknown): readonly string[] {
  if (typeof permissions === "string") return [permissions];
  if (typeof permissions !== "object" || permissions === null) return [];
  return Object.entries(permissions).map(([scope, right]) => `${scope}: ${String(right)}`);
}

/** Both registries accept GitHub's proof of identity. A stored token could be stolen, and it expires. */
function credentialFaults(text: string): readonly string[] {
  const forbidden = [
    /\bsecrets\b/,
    /\b\w*_PAT\b/,
    /(?:^|\s)(?:--pat|-p)\b/,
    /--azure-credential/,
    /\bid[-_]?token\b(?!: write)/i,
  ];
  return text
    .split("\n")
    .map((line) => line.replace(/#.*/, ""))
    .filter((line) => forbidden.some((pattern) => pattern.test(line)))
    .map((line) => `a stored credential: ${line.trim()}`);
}

function jobFaults(name: string, job: Job): readonly string[] {
  const faults: string[] = [];
  if (job.uses === undefined && typeof job["timeout-minutes"] !== "number") faults.push("has no time limit");
  if (job.secrets !== undefined) faults.push("hands secrets on");
  if (JSON.stringify(job["runs-on"] ?? "").includes("self-hosted"))
    faults.push("runs on a machine that keeps its state");
  for (const { uses = "", run = "", with: inputs = {} } of job.steps ?? []) {
    // Shell characters in the name of a branch or in a title would run as code. The value of an environment variable does not.
    if (run.includes("${{")) faults.push(`puts an expression into a script: ${run}`);
    if (/\bnpm (?:i|install|exec)\b/.test(run) || /\bnpx (?!--no-install )/.test(run))
      faults.push(`runs what package-lock.json does not name: ${run}`);
    if (uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false)
      faults.push("leaves its credential in the checkout");
    // A pull request could fill a cache that a release then uses.
    if (uses.startsWith("actions/cache") || "cache" in inputs) faults.push("uses a cache");
    if (uses.startsWith("actions/setup-node@") && inputs["package-manager-cache"] !== false)
      faults.push("uses a cache by default");
  }
  return faults.map((fault) => `the job ${name} ${fault}`);
}

/** These triggers process a stranger's input with the rights of the main branch. */
function triggerFaults({ on }: Workflow): readonly string[] {
  const triggers = typeof on === "object" && on !== null ? (Array.isArray(on) ? on : Object.keys(on)) : [on];
  return ["pull_request_target", "workflow_run", "issue_comment"]
    .filter((trigger) => triggers.includes(trigger))
    .map((trigger) => `it is started by ${trigger}`);
}

function releaseFaults({ on, jobs }: Workflow): readonly string[] {
  const faults: string[] = [];
  if (JSON.stringify(on) !== JSON.stringify({ push: { tags: ["v*"] } }))
    faults.push("it is started by more than a tag v*");
  const steps = jobs[firstOfRelease]?.steps ?? [];
  if (!steps.some((step) => step.run === tagCheck && Object.keys(step).every((key) => ["id", "run"].includes(key))))
    faults.push("no first job compares the tag with the version");
  for (const [name, job] of Object.entries(jobs)) {
    const before = waitsFor(name, jobs);
    const mayWrite = listed(job.permissions).some((each) => each.endsWith(": write"));
    if (name !== firstOfRelease && !before.has(firstOfRelease))
      faults.push(`the job ${name} does not wait for the tag's`);
    if (mayWrite && !before.has("test")) faults.push(`the job ${name} does not wait for the tests`);
    const parts = [job, ...(job.steps ?? [])];
    if (parts.some((part) => "if" in part || "continue-on-error" in part))
      faults.push(`the job ${name} may run after a failure`);
    const scripts = (job.steps ?? []).map(({ run = "" }) => run);
    const publishing = scripts.filter((script) => /\b(?:vsce|ovsx) publish\b/.test(script));
    if (publishing.length > 0 && job.environment !== "registries")
      faults.push(`the job ${name} publishes without approval`);
    for (const script of publishing) {
      if (!/\bvsce publish --oidc |\bovsx publish --trusted-publishing /.test(script))
        faults.push(`published without the exchange of a token: ${script}`);
    }
    if (publishing.length > 0 && !scripts.some((script) => script.startsWith("gh attestation verify ")))
      faults.push(`the job ${name} publishes an unverified package`);
  }
  for (const registry of ["vsce publish", "ovsx publish"]) {
    const publishingSteps = Object.values(jobs)
      .flatMap((job) => job.steps ?? [])
      .filter(({ run = "" }) => run.includes(registry));
    if (publishingSteps.length !== 1) faults.push(`${registry} is in ${String(publishingSteps.length)} steps`);
  }
  return faults;
}

/** All jobs that have succeeded before the job `name` starts. */
function waitsFor(name: string, jobs: Workflow["jobs"]): ReadonlySet<string> {
  const direct = [jobs[name]?.needs ?? []].flat();
  return new Set(direct.flatMap((each) => [each, ...waitsFor(each, jobs)]));
}
