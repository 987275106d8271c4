import { limitedFolder } from "../../../src/windows/limitedFolder";
import { editor } from "./standInEditor";
import { CredentialStore } from "../../../src/auth/credentialStore";
import { createGenerationFence } from "../../../src/auth/generationFence";
import { Emitter } from "../../../src/base/event";
import { credentialCommands } from "../../../src/commands/credentials";
import { createTryOut } from "../../../src/commands/tryOut";
import type { SettingsHost } from "../../../src/host/settings";
import { createSignIn } from "../../../src/commands/signInCommand";
import { createCore, type Observable } from "../../../src/core/core";
import { createDemoCore } from "../../../src/demo/demoCore";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import { createDemoWorld } from "../../../src/simulator/demo";
import { simulatorFetch } from "../../../src/simulator/simulatorFetch";
import { DemoSwitch } from "../../../src/demo/demoSwitch";
import type { AttemptOptions } from "../../../src/auth/signInAttempt";
import type { SignInResult } from "../../../src/auth/signInFlow";
import type { Fetch } from "../../../src/volvo/transport";
import { AuthWorld, type AuthWorldOptions } from "../auth/world";

export interface CommandSceneOptions extends AuthWorldOptions {
  /** The secrets contain a sign-in, with these changes to its record. */
  readonly signIn?: Readonly<Record<string, unknown>>;
  readonly fetch?: Fetch;
}

/** The product's credential commands, the user at a fake editor, and a simulated Volvo. */
export class CommandScene {
  readonly auth: AuthWorld;
  readonly demoSwitch: DemoSwitch;
  readonly commands: ReturnType<typeof credentialCommands>;
  /** The sign-in attempts so far. `attempt` provides the result of the next ones. */
  readonly attempts: AttemptOptions[] = [];
  attempt: (options: AttemptOptions) => Promise<SignInResult> = () => Promise.resolve({ kind: "cancelled" });
  private readonly changed = new Emitter<Settings>();
  private readonly settings: { current: Settings } & Observable<Settings> &
    Pick<SettingsHost, "setDemo" | "setVehicles" | "clearVehicles">;

  constructor(
    private raw: Readonly<Record<string, unknown>> = {},
    options: CommandSceneOptions = {},
  ) {
    editor.begin();
    this.settings = {
      current: parseSettings((key) => this.raw[key]),
      onDidChange: this.changed.event,
      setDemo: (demo) => Promise.resolve(void this.change({ demo })),
      setVehicles: (entries) => Promise.resolve(void this.change({ vehicles: entries(this.raw["vehicles"]) })),
      clearVehicles: () => Promise.resolve(void this.change({ vehicles: [], "statusBar.vehicle": "auto" })),
    };
    this.auth = new AuthWorld(options);
    if (options.signIn) this.auth.signIn(options.signIn);
    const { clock, log, redactor, secrets, disk, volvo } = this.auth;
    const fetch = options.fetch ?? simulatorFetch(volvo);
    const server = this.auth.server(fetch);
    const focus = { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event };
    const mark = { isSet: () => Promise.resolve(false), set: () => Promise.resolve() };
    const shared = { clock, log, redactor, settings: this.settings, focus, random: () => 0 };
    const core = createCore({
      ...shared,
      fetch,
      credentials: new CredentialStore({ secrets: secrets.open(), mark, clock, redactor }),
      volvoId: {
        fence: createGenerationFence(disk.open("state/refresh"), clock),
        endpoint: server,
      },
      windows: {
        folder: limitedFolder(disk.open("state"), clock),
        alive: () => Promise.resolve(),
        isWanted: () => true,
      },
    });
    const demo = () => Promise.resolve(createDemoCore(createDemoWorld(clock), shared));
    this.demoSwitch = new DemoSwitch(core, {
      settings: this.settings,
      createDemo: demo,
      demoFailed: () => undefined,
      log,
    });
    const signIn = createSignIn({
      demoSwitch: this.demoSwitch,
      settings: this.settings,
      relay: { expect: () => ({ dispose: () => undefined }) },
      volvoId: {
        server,
        signIn: (_, wanted) => {
          this.attempts.push(wanted);
          return this.attempt(wanted);
        },
      },
      clock,
      onSignedIn: (since) => this.commands.signedIn(since),
    });
    const viewState = () => this.viewState;
    this.commands = credentialCommands({
      demoSwitch: this.demoSwitch,
      settings: this.settings,
      viewState,
      tryOut: createTryOut({ demoSwitch: this.demoSwitch, settings: this.settings, viewState, clock }),
      findVehicles: () => Promise.resolve(),
      signIn,
    });
  }

  /** The input of the views. */
  get viewState(): ViewState {
    const { carStore, session, settings } = this.demoSwitch.current;
    const locale = { language: "en", timeZone: "UTC" };
    const now = this.auth.clock.now();
    return createViewState({
      carStore: carStore.current,
      session: session.current,
      settings: settings.current,
      now,
      locale,
    });
  }

  get session() {
    return this.demoSwitch.real.session;
  }

  change(changes: Readonly<Record<string, unknown>>): void {
    this.raw = { ...this.raw, ...changes };
    this.settings.current = parseSettings((key) => this.raw[key]);
    this.changed.fire(this.settings.current);
  }

  /** Starts the product and lets it settle. */
  async start(): Promise<void> {
    this.demoSwitch.start();
    await this.auth.clock.advance(2_000);
  }

  /** Runs a command to its end, with time advancing. */
  async run(name: keyof ReturnType<typeof credentialCommands>["table"]): Promise<void> {
    await this.auth.after<unknown>(this.commands.table[name]());
    await this.auth.clock.advance(500);
  }

  close(): void {
    this.demoSwitch.dispose();
  }
}
