import fs from "node:fs";

export interface Setting {
  readonly scope?: string;
  readonly ignoreSync?: boolean;
  readonly type?: string | readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly order?: number;
  readonly pattern?: string;
}

interface SettingGroup {
  readonly title: string;
  readonly order: number;
  readonly properties: Readonly<Record<string, Setting>>;
}

export interface MenuItem {
  readonly command?: string;
  readonly when?: string;
  /** The arguments of a key that runs several commands. */
  readonly args?: { readonly commands: readonly (string | { readonly command: string })[] };
}

interface Walkthrough {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly media: { readonly svg: string; readonly altText: string };
    readonly completionEvents: readonly string[];
  }[];
}

/** The parts of package.json that the tests check. */
export interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly displayName: string;
  readonly icon: string;
  readonly main: string;
  readonly l10n: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly capabilities: unknown;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category?: string;
      readonly enablement?: string;
    }[];
    readonly configuration: readonly SettingGroup[];
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly views: Readonly<
      Record<string, readonly { readonly id: string; readonly name: string; readonly icon?: string }[]>
    >;
    readonly viewsWelcome: readonly { readonly view: string; readonly when?: string; readonly contents: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings?: readonly MenuItem[];
    readonly icons: Readonly<
      Record<string, { readonly default: { readonly fontPath: string; readonly fontCharacter: string } }>
    >;
    readonly colors: readonly { readonly id: string; readonly defaults: Readonly<Record<string, string>> }[];
    readonly authentication?: readonly { readonly id: string; readonly label: string }[];
    readonly walkthroughs?: readonly Walkthrough[];
  };
}

/** The manifest as VS Code shows it in English: each `%key%` is replaced by its text. */
export function readManifest(): Manifest {
  const texts = JSON.parse(fs.readFileSync("package.nls.json", "utf8")) as Readonly<Record<string, string>>;
  const resolve = (_: string, value: unknown): unknown => {
    const key = typeof value === "string" ? /^%(.+)%$/.exec(value)?.[1] : undefined;
    return key === undefined ? value : (texts[key] ?? value);
  };
  return JSON.parse(fs.readFileSync("package.json", "utf8"), resolve) as Manifest;
}
