/**
 * True for an odd minor version: by convention of the marketplaces, which do not accept versions such as 0.3.0-beta.
 */
export function isPreRelease(version: string): boolean {
  return Number(version.split(".")[1]) % 2 === 1;
}

/** The entry for `version` in the text of CHANGELOG.md, without its heading. Undefined if it is missing or empty. */
export function changesOf(changelog: string, version: string): string | undefined {
  const [, ...entries] = changelog.split(/^## \[/m);
  const entry = entries.find((text) => text.startsWith(`${version}] - `));
  const changes = entry?.slice(entry.indexOf("\n")).trim();
  return changes === "" ? undefined : changes;
}

/**
 * The reason why `tag` must not be released, or undefined. Published versions cannot be withdrawn, so the tag, the
 * version of package.json and CHANGELOG.md must agree first.
 */
export function tagFault(tag: string, version: string, changelog: string): string | undefined {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return `The version of package.json is ${version}; it must be three numbers.`;
  if (tag !== `v${version}`) return `The tag is ${tag}, but the version of package.json is ${version}.`;
  if (changesOf(changelog, version) === undefined)
    return `CHANGELOG.md has no entry "## [${version}] - <date>" that says what has changed.`;
  return undefined;
}
