/**
 * The project's form for a report, with the versions filled in: nothing else, and nothing is sent before the user sends
 * it. `versions` is the id of a field in .github/ISSUE_TEMPLATE/bug.yml.
 */
export function issueUrl(issues: string, environment: Readonly<Record<string, string>>): string {
  const known = ["Extension", "VS Code", "Operating system"].map((name) => `${name} ${environment[name] ?? ""}`);
  const query = new URLSearchParams({ template: "bug.yml", versions: known.join(", ") });
  return `${issues}/new?${query.toString()}`;
}
