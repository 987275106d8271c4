/**
 * The region that the computer is set to, as far as an extension can find out: VS Code passes on the language of its own
 * words only (microsoft/vscode#56995). On Linux the environment names the region, elsewhere the language of the system
 * may. `undefined` otherwise.
 */
export function systemRegion(platform: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const tag = platform === "linux" ? environmentLocale(env) : systemLanguage(env["VSCODE_NLS_CONFIG"]);
  const [, region] = /^[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2}|\d{3})(?:-|$)/i.exec(tag ?? "") ?? [];
  return region?.toUpperCase();
}

/** "sv-SE" of `sv_SE.UTF-8`. */
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
