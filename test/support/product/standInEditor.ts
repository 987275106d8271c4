import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import type * as vscode from "vscode";
import { Emitter } from "../../../src/base/event";

/** A message or question of the editor, as a user reads it. */
export interface Shown {
  readonly kind: "message" | "input" | "pick" | "box";
  readonly text: string;
  /** The buttons, or the choices. */
  readonly items: readonly string[];
  /** The initial value of a box. */
  readonly value: string;
}

/** A box that stays open. */
export class StandInBox {
  title = "";
  prompt = "";
  placeholder = "";
  password = false;
  ignoreFocusOut = false;
  value = "";
  validationMessage: { readonly message: string } | string | undefined;
  buttons: readonly vscode.QuickInputButton[] = [];
  private readonly accepted = new Emitter<void>();
  private readonly hidden = new Emitter<void>();
  private readonly triggered = new Emitter<vscode.QuickInputButton>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidHide = this.hidden.event;
  readonly onDidTriggerButton = this.triggered.event;
  readonly onDidChangeValue = new Emitter<string>().event;

  show(): void {
    const shown = { kind: "box", text: this.prompt, items: [], value: this.value } as const;
    void editor.ask(shown).then((answer) => (answer === undefined ? this.hidden.fire() : this.accept(answer)));
  }

  accept(text: string): void {
    this.value = text;
    this.accepted.fire();
  }

  /** The message below the value. */
  get said(): string | undefined {
    return typeof this.validationMessage === "object" ? this.validationMessage.message : this.validationMessage;
  }

  press(tooltip: string): void {
    const button = this.buttons.find((candidate) => candidate.tooltip === tooltip);
    if (button) this.trigger(button);
  }

  trigger(button: vscode.QuickInputButton): void {
    this.triggered.fire(button);
  }

  dispose(): void {
    editor.boxes.delete(this);
  }
}

/** A panel whose page is played by a test: `post` sends a message as the page, `received` are the messages to the page. */
export class StandInPanel {
  title = "";
  visible = true;
  isDisposed = false;
  reveals = 0;
  readonly received: unknown[] = [];
  private readonly said = new Emitter<unknown>();
  private readonly changed = new Emitter<void>();
  private readonly disposed = new Emitter<void>();
  readonly onDidChangeViewState = this.changed.event;
  readonly onDidDispose = this.disposed.event;
  readonly webview = {
    html: "",
    options: {} as vscode.WebviewOptions,
    cspSource: "https://panel.example",
    onDidReceiveMessage: this.said.event,
    asWebviewUri: (uri: unknown) => `https://panel.example${String(uri)}`,
    postMessage: (message: unknown) => Promise.resolve(this.received.push(message) > 0),
  };

  constructor(readonly viewType: string) {}

  post(message: unknown): void {
    this.said.fire(message);
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.changed.fire();
  }

  reveal(): void {
    this.reveals++;
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposed.fire();
  }
}

/** The user at the editor, controlled by a test. */
export const editor = {
  /** Everything shown since `begin`, in order. */
  shown: [] as Shown[],
  boxes: new Set<StandInBox>(),
  /** The panels opened since `begin`. */
  panels: [] as StandInPanel[],
  /** The addresses opened in the browser. `open` provides the result. */
  opened: [] as string[],
  open: (): Promise<boolean> => Promise.resolve(true),
  executed: [] as string[],
  /** The same with their arguments. */
  calls: [] as (readonly unknown[])[],
  /** The result of a command. */
  run: (_: string): Promise<unknown> => Promise.resolve(undefined),
  clipboard: "",
  /** The messages in the status bar since `begin`. */
  statusBar: [] as string[],
  /** The files written since `begin`, by address. `saveAs` provides the user's choice of a place. */
  files: new Map<string, string>(),
  saveAs: (): string | undefined => undefined,
  /** The settings written since `begin`. `write` rejects if VS Code cannot write them. */
  settings: new Map<string, unknown>(),
  write: (): Promise<void> => Promise.resolve(),
  /** Registers a language model tool; `undefined` in an editor without them. */
  registerTool: undefined as typeof vscode.lm.registerTool | undefined,
  uriHandler: undefined as vscode.UriHandler | undefined,
  /** The user's input or choice; `undefined` to dismiss, a promise that never settles to do nothing. */
  answer: (_: Shown): string | undefined | Promise<string | undefined> => undefined,

  begin(): void {
    editor.shown = [];
    editor.boxes.clear();
    editor.panels = [];
    editor.opened = [];
    editor.executed = [];
    editor.clipboard = "";
    editor.calls = [];
    editor.run = () => Promise.resolve(undefined);
    editor.statusBar = [];
    editor.files.clear();
    editor.saveAs = () => undefined;
    editor.settings.clear();
    editor.write = () => Promise.resolve();
    editor.registerTool = undefined;
    editor.open = () => Promise.resolve(true);
    editor.answer = () => undefined;
  },

  async ask(shown: Shown): Promise<string | undefined> {
    editor.shown.push(shown);
    return editor.answer(shown);
  },

  /** The texts shown. */
  get texts(): readonly string[] {
    return editor.shown.map(({ text }) => text);
  },
};

function message(text: string, ...rest: unknown[]): Promise<string | undefined> {
  const items = rest.filter((entry) => typeof entry === "string");
  const detail = rest.flatMap((entry) => (typeof entry === "object" && entry && "detail" in entry ? entry.detail : []));
  return editor.ask({ kind: "message", text: [text, ...detail].join(" "), items, value: "" });
}

async function pick(
  items: readonly vscode.QuickPickItem[],
  options: vscode.QuickPickOptions,
): Promise<vscode.QuickPickItem | undefined> {
  const labels = items.map(({ label }) => label);
  const label = await editor.ask({ kind: "pick", text: options.placeHolder ?? "", items: labels, value: "" });
  return items.find((item) => item.label === label);
}

const configuration = {
  get: (key: string) => editor.settings.get(key),
  inspect: (key: string) => ({ globalValue: editor.settings.get(key) }),
  update: async (key: string, value: unknown) => {
    await editor.write();
    editor.settings.set(key, value);
  },
};

/** The part of VS Code used by the commands. */
const standIn = {
  window: {
    showInformationMessage: message,
    showWarningMessage: message,
    showErrorMessage: message,
    showInputBox: ({ prompt = "", value = "" }: vscode.InputBoxOptions) =>
      editor.ask({ kind: "input", text: prompt, items: [], value }),
    showQuickPick: pick,
    showSaveDialog: () => Promise.resolve(editor.saveAs()),
    createInputBox: () => {
      const box = new StandInBox();
      editor.boxes.add(box);
      return box;
    },
    createWebviewPanel: (viewType: string) => {
      const panel = new StandInPanel(viewType);
      editor.panels.push(panel);
      return panel;
    },
    withProgress: (_: unknown, task: (progress: unknown, token: unknown) => unknown) =>
      task({ report: () => undefined }, { onCancellationRequested: () => undefined }),
    setStatusBarMessage: (text: string) => void editor.statusBar.push(text),
    registerUriHandler: (handler: vscode.UriHandler) => {
      editor.uriHandler = handler;
      return { dispose: () => (editor.uriHandler = undefined) };
    },
  },
  workspace: {
    workspaceFolders: undefined,
    getConfiguration: () => configuration,
    onDidChangeConfiguration: new Emitter<vscode.ConfigurationChangeEvent>().event,
    fs: {
      writeFile: (target: unknown, bytes: Uint8Array) =>
        Promise.resolve(void editor.files.set(String(target), new TextDecoder().decode(bytes))),
    },
  },
  lm: {
    get registerTool() {
      return editor.registerTool;
    },
  },
  commands: {
    executeCommand: (id: string, ...args: readonly unknown[]) => {
      editor.executed.push(id);
      editor.calls.push([id, ...args]);
      return editor.run(id);
    },
  },
  env: {
    language: "en",
    uiKind: 1,
    uriScheme: "vscode",
    appName: "VS Code",
    clipboard: { writeText: (text: string) => Promise.resolve(void (editor.clipboard = text)) },
    openExternal: (address: unknown) => {
      editor.opened.push(String(address));
      return editor.open();
    },
  },
  CancellationError: class extends Error {
    override readonly name = "Canceled";
  },
  extensions: { getExtension: () => ({ extensionUri: "/extension" }) },
  ConfigurationTarget: { Global: 1 },
  Disposable: class {
    constructor(readonly dispose: () => void) {}
  } as unknown as typeof vscode.Disposable,
  ProgressLocation: { Notification: 15 },
  InputBoxValidationSeverity: { Info: 1, Warning: 2, Error: 3 },
  UIKind: { Desktop: 1, Web: 2 },
  Uri: { joinPath: (...parts: readonly unknown[]) => parts.join("/"), file: (path: string) => path },
  ViewColumn: { Active: -1 },
  QuickInputButtons: { Back: { iconPath: {} } as vscode.QuickInputButton },
  ThemeIcon: class {
    constructor(readonly id: string) {}
  },
};

/** Every import of `vscode` after this file gets {@link standIn}. */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: pathToFileURL(__filename).href, format: "commonjs", shortCircuit: true }
      : next(specifier, context),
});

export const { window, workspace, commands, env, extensions, lm } = standIn;
export const {
  Disposable,
  CancellationError,
  ConfigurationTarget,
  InputBoxValidationSeverity,
  ProgressLocation,
  QuickInputButtons,
} = standIn;
export const { ThemeIcon, UIKind, Uri, ViewColumn } = standIn;
