import vscode = require("vscode");
import { type contextKeys, section, type WelcomeCause } from "../contributions";
import type { ContextValuesOfCars } from "../status/contextValues";

interface ContextValues extends ContextValuesOfCars {
  readonly welcome: WelcomeCause;
  readonly demo: boolean;
  readonly demoSeen: boolean;
  readonly keyWorks: boolean;
  readonly signInWorks: boolean;
  readonly carWasRead: boolean;
  readonly signedIn: boolean;
  readonly hasCars: boolean;
  readonly hasHistory: boolean;
  readonly canResume: boolean;
}

/** The only caller of `setContext`. It writes a key only if its value has changed. */
export class ContextKeys {
  private readonly written = new Map<string, unknown>();

  set<K extends keyof ContextValues & keyof typeof contextKeys>(key: K, value: ContextValues[K]): void {
    if (this.written.get(key) === value) return;
    this.written.set(key, value);
    void vscode.commands.executeCommand("setContext", `${section}.${key}`, value);
  }
}
