import * as v from "valibot";
import { type Clock, secondMs, sleep, withTimeLimit } from "../base/clock";
import { type Disposable, DisposableStore, toDisposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import { secretKeys, type SecretStore } from "./credentialStore";
import type { Offer } from "./signInAttempt";

export interface CallbackRelayPorts {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Logger;
}

const answerLimitMs = 5 * secondMs;
/** As long as another window may take to notice, to look and to say so. */
const forwardLimitMs = 3 * secondMs;
const lookAgainMs = 100;

const forwardedSchema = v.object({ query: v.string() });

/**
 * Brings an answer that VS Code handed to some window to the window that waits for it. VS Code picks the window itself,
 * so the answer travels by way of the secrets, which all windows of the desktop see, and is gone after seconds.
 */
export class CallbackRelay implements Disposable {
  private readonly waiting = new Map<string, (parameters: URLSearchParams) => Offer>();
  private readonly store = new DisposableStore();

  constructor(private readonly ports: CallbackRelayPorts) {
    this.store.add(
      ports.secrets.onDidChange((key) => {
        if (key === secretKeys.callback && this.waiting.size > 0) void this.takeForwarded();
      }),
    );
  }

  /** From now on answers with this state are offered to `offer`. */
  expect(state: string, offer: (parameters: URLSearchParams) => Offer): Disposable {
    this.waiting.set(state, offer);
    return toDisposable(() => this.waiting.delete(state));
  }

  /** Hands an answer on, to this window or to another; `false` where none waits for it. Never rejects. */
  async receive(parameters: URLSearchParams): Promise<boolean> {
    const state = parameters.get("state") ?? "";
    const offer = this.waiting.get(state);
    if (offer) return offer(parameters) === "taken";
    if (state === "") return false;
    try {
      return await this.forward(parameters.toString());
    } catch (error) {
      this.ports.log.warn(`An answer of Volvo ID could not be handed to another window: ${errorText(error)}`);
      return false;
    }
  }

  dispose(): void {
    this.store.dispose();
    this.waiting.clear();
  }

  /** Whoever takes it deletes it. */
  private async forward(query: string): Promise<boolean> {
    await this.limited(this.ports.secrets.store(secretKeys.callback, JSON.stringify({ query })));
    for (let waitedMs = 0; waitedMs < forwardLimitMs; waitedMs += lookAgainMs) {
      await sleep(this.ports.clock, lookAgainMs);
      if ((await this.limited(this.ports.secrets.get(secretKeys.callback))) === undefined) return true;
    }
    await this.limited(this.ports.secrets.delete(secretKeys.callback));
    return false;
  }

  private async takeForwarded(): Promise<void> {
    try {
      const parameters = readForwarded(await this.limited(this.ports.secrets.get(secretKeys.callback)));
      const offer = parameters && this.waiting.get(parameters.get("state") ?? "");
      if (!parameters || !offer) return;
      offer(parameters);
      await this.limited(this.ports.secrets.delete(secretKeys.callback));
    } catch (error) {
      this.ports.log.warn(`An answer of Volvo ID could not be taken over: ${errorText(error)}`);
    }
  }

  private limited<T>(call: PromiseLike<T>): Promise<T> {
    return withTimeLimit(this.ports.clock, call, answerLimitMs, "VS Code's secret storage");
  }
}

function readForwarded(secret: string | undefined): URLSearchParams | undefined {
  try {
    return new URLSearchParams(v.parse(forwardedSchema, JSON.parse(secret ?? "")).query);
  } catch {
    return undefined;
  }
}
