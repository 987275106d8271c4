/**
 * The region in the computer's settings, e.g. "SE". VS Code gives extensions only its display language
 * (microsoft/vscode#56995), so this reads the environment on Linux and the system language elsewhere. `undefined` if
 * they name no region.
 */
export function systemRegion(platform: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const tag = platform === "linux" ? environmentLocale(env) : systemLanguage(env["VSCODE_NLS_CONFIG"]);
  const [, region] = /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2}|\d{3})(?:-|$)/i.exec(tag ?? "") ?? [];
  return region?.toUpperCase();
}

/** For example "sv-SE" from `sv_SE.UTF-8`. */
function environmentLocale(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return [env["LC_ALL"], env["LC_TIME"], env["LANG"]]
    .map((locale = "") => locale.replace(/[.@].*$/, "").replaceAll("_", "-"))
    .find((locale) => locale !== "" && locale !== "C" && locale !== "POSIX");
}

function systemLanguage(config: string | undefined): string | undefined {
  try {
    const { osLocale } = JSON.parse(config ?? "") as { readonly osLocale?: unknown };
    return typeof osLocale === "string" ? osLocale : undefined;
  } catch {
    return undefined;
  }
}
