/**
 * The project's form for a report, with the versions filled in: nothing else, and nothing is sent before the user sends
 * it. The names are the ids of the fields in .github/ISSUE_TEMPLATE/bug_report.yml.
 */
export function issueUrl(issues: string, environment: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({
    template: "bug_report.yml",
    extension: environment["Extension"] ?? "",
    editor: environment["VS Code"] ?? "",
    system: environment["Operating system"] ?? "",
  });
  return `${issues}/new?${query.toString()}`;
}
