/**
 * The address of the project's form for a report, with only the versions filled in. Nothing is sent until the user
 * submits the form. `versions` is the id of a field in .github/ISSUE_TEMPLATE/bug.yml.
 */
export function issueUrl(issues: string, environment: Readonly<Record<string, string>>): string {
  const versions = ["Extension", "VS Code", "Operating system"].map((name) => `${name} ${environment[name] ?? ""}`);
  const query = new URLSearchParams({ template: "bug.yml", versions: versions.join(", ") });
  return `${issues}/new?${query.toString()}`;
}
