import { limitedFolder } from "../../../src/windows/limitedFolder";
import { createGenerationFence } from "../../../src/auth/generationFence";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { Emitter } from "../../../src/base/event";
import { createCore, type Observable } from "../../../src/core/core";
import { createViewState, type ViewState } from "../../../src/present/viewState";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import { simulatorFetch, type SimulatorFetch } from "../../../src/simulator/simulatorFetch";
import { apiKey, apiOrigin, AuthWorld, type AuthWorldOptions } from "../auth/world";

export interface ProductOptions extends AuthWorldOptions {
  /** Raw settings, by their keys. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly account?: "test token" | "Volvo ID";
  /** The scopes of a Volvo ID sign-in, if other than the product's default. */
  readonly scopes?: readonly string[];
  /** Whether the window has focus; default true. */
  readonly focused?: boolean;
  /** Wraps the requests from the product to the simulated Volvo. */
  readonly between?: (fetch: SimulatorFetch) => SimulatorFetch;
  /** 0 to 1; default 0, so no time is randomized. */
  readonly random?: () => number;
}

class ObservedSettings implements Observable<Settings> {
  private readonly changed = new Emitter<Settings>();
  readonly onDidChange = this.changed.event;
  current: Settings;

  constructor(private raw: Readonly<Record<string, unknown>>) {
    this.current = parseSettings((key) => this.raw[key]);
  }

  change(raw: Readonly<Record<string, unknown>>): void {
    this.raw = { ...this.raw, ...raw };
    this.current = parseSettings((key) => this.raw[key]);
    this.changed.fire(this.current);
  }
}

/** The whole product without an editor, on a simulated Volvo and a fake clock: one window with focus. */
export class ProductWorld {
  readonly auth: AuthWorld;
  readonly core: ReturnType<typeof createCore>;
  private readonly observed: ObservedSettings;

  constructor(options: ProductOptions) {
    const { account = "test token", settings, focused = true, random = () => 0, between, scopes, ...world } = options;
    this.auth = new AuthWorld(world);
    const { clock, disk, log, redactor, secrets, volvo } = this.auth;
    if (account === "Volvo ID") this.auth.signIn(scopes ? { scopes } : {});
    else this.pasteToken(volvo.issueTestToken({ lifetimeMs: Infinity }).value);
    this.observed = new ObservedSettings(settings);
    const fetch = between?.(simulatorFetch(volvo)) ?? simulatorFetch(volvo);
    const server = this.auth.server(fetch);
    this.core = createCore({
      clock,
      log,
      redactor,
      fetch,
      credentials: new CredentialStore({
        secrets: secrets.open(),
        mark: { isSet: () => Promise.resolve(true), set: () => Promise.resolve() },
        clock,
        redactor,
      }),
      volvoId: {
        fence: createGenerationFence(disk.open("state/refresh"), clock),
        endpoint: server,
      },
      settings: this.observed,
      focus: { isFocused: focused, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
      windows: {
        folder: limitedFolder(disk.open("state"), clock),
        alive: () => Promise.resolve(),
        isWanted: () => true,
      },
      random,
    });
  }

  /** Simulates a change of settings by the user. Raw values by key. */
  change(settings: Readonly<Record<string, unknown>>): void {
    this.observed.change(settings);
  }

  get settings(): Settings {
    return this.observed.current;
  }

  /** The complete input of presentation at this moment. */
  get viewState(): ViewState {
    const { carStore, session } = this.core;
    const locale = { language: "en", timeZone: "UTC" };
    return createViewState({
      carStore: carStore.current,
      session: session.current,
      settings: this.settings,
      now: this.auth.clock.now(),
      locale,
    });
  }

  private pasteToken(accessToken: string): void {
    const { disk } = this.auth.secrets;
    disk.set(secretKeys.apiKey, JSON.stringify({ origin: apiOrigin, value: apiKey }));
    disk.set(secretKeys.grant, JSON.stringify({ kind: "testToken", origin: apiOrigin, accessToken }));
  }
}
