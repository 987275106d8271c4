import vscode = require("vscode");
import { type Disposable, DisposableStore } from "../base/disposable";
import { Emitter } from "../base/event";
import type { Logger } from "../base/log";
import { section, type SettingKey, settingDefaults } from "../contributions";
import { settingFaultText } from "../present/settingText";
import { parseSettings, type Settings } from "../settings/settings";

/** A setting that VS Code could not write. The error has it as its property `unwritten`. */
export interface UnwrittenSetting {
  readonly key: SettingKey;
  readonly value: unknown;
}

/** The only reader and writer of VS Code's configuration. Fires only if a value has changed. */
export class SettingsHost implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<Settings>());
  readonly onDidChange = this.changed.event;
  /** Read at first use, to keep `activate()` short. */
  private settings: Settings | undefined;

  constructor(private readonly log: Logger) {
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(section)) this.reread();
      }),
    );
  }

  get current(): Settings {
    return (this.settings ??= this.read());
  }

  /** Replaces the list of cars with the result of `entries` for its present value. Rejects if VS Code cannot write. */
  async setVehicles(entries: (present: unknown) => readonly unknown[]): Promise<void> {
    const present = vscode.workspace.getConfiguration(section).inspect("vehicles")?.globalValue;
    await this.write("vehicles", entries(present));
  }

  /** Removes the list of cars, including its faulty entries, and the pinned car. */
  async clearVehicles(): Promise<void> {
    await this.write("vehicles", undefined);
    await this.write("statusBar.vehicle", undefined);
  }

  async setPinned(vin: string | undefined): Promise<void> {
    await this.write("statusBar.vehicle", vin);
  }

  async setDemo(on: boolean): Promise<void> {
    await this.write("demo", on ? true : undefined);
  }

  async setPresenterMode(on: boolean): Promise<void> {
    await this.write("privacy.presenterMode", on ? true : undefined);
  }

  /**
   * Turns off the feature that a setting controls: a boolean becomes false, any other setting returns to its default.
   */
  async switchOff(key: SettingKey): Promise<void> {
    await this.write(key, typeof settingDefaults[key] === "boolean" ? false : undefined);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** If VS Code cannot write, rejects with an error that has an {@link UnwrittenSetting} as `unwritten`. */
  private async write(key: SettingKey, value: unknown): Promise<void> {
    try {
      await vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
    } catch (cause) {
      const unwritten: UnwrittenSetting = { key, value };
      throw Object.assign(new Error(`${section}.${key} could not be written`, { cause }), { unwritten });
    }
    // VS Code can fire its event after the promise resolves, but the caller needs the new value at once.
    this.reread();
  }

  private reread(): void {
    const before = this.settings;
    const next = (this.settings = this.read());
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    this.changed.fire(next);
  }

  private read(): Settings {
    const configuration = vscode.workspace.getConfiguration(section);
    const settings = parseSettings((key) => configuration.get(key));
    const logged = new Set(this.settings?.faults.map(settingFaultText));
    for (const text of settings.faults.map(settingFaultText)) if (!logged.has(text)) this.log.warn(text);
    return settings;
  }
}
