import * as v from "valibot";
import { type Clock, minuteMs, secondMs, sleep, withTimeLimit } from "../base/clock";
import { type Disposable, DisposableStore, toDisposable } from "../base/disposable";
import type { StateFolder } from "../base/folder";
import { errorText, type Logger } from "../base/log";
import { textHash } from "../charging/carKey";
import { secretKeys, type SecretStore } from "./credentialStore";
import type { Offer } from "./signInAttempt";

export interface CallbackRelayPorts {
  readonly secrets: SecretStore;
  /** The folder in which all windows see that one of them waits for an answer. */
  readonly folder: Pick<StateFolder, "read" | "replace" | "remove">;
  readonly clock: Clock;
  readonly log: Logger;
}

const answerLimitMs = 5 * secondMs;
/** The time for another window to notice and to take a forwarded answer. */
const forwardLimitMs = 3 * secondMs;
const lookAgainMs = 100;
const longestInTransitMs = forwardLimitMs + 2 * answerLimitMs;

const waitingFile = "sign-in.waiting";
/** Longer than any attempt to sign in. An older file was left behind by a killed window. */
const longestAttemptMs = 30 * minuteMs;

/** Limits for answers, because any web page can open an address of the extension. A real answer is short and rare. */
const longestAnswer = 4_096;
const mostForwarded = 5;
const forwardedWithinMs = minuteMs;

const forwardedSchema = v.object({ query: v.string(), at: v.number() });
type Forwarded = v.InferOutput<typeof forwardedSchema>;

/**
 * Forwards an answer to the window that waits for it, because VS Code hands it to any window. The answer is stored in the
 * secrets, which all windows on the desktop can read, for a few seconds.
 */
export class CallbackRelay implements Disposable {
  private readonly waiting = new Map<string, (parameters: URLSearchParams) => Offer>();
  /** When the recent answers were forwarded to other windows (ms). */
  private forwardedAt: readonly number[] = [];
  private readonly store = new DisposableStore();

  constructor(private readonly ports: CallbackRelayPorts) {
    this.store.add(
      ports.secrets.onDidChange((key) => {
        if (key === secretKeys.callback && this.waiting.size > 0) void this.takeForwarded();
      }),
    );
  }

  /** Offers answers with this state to `offer` until it is disposed. */
  expect(state: string, offer: (parameters: URLSearchParams) => Offer): Disposable {
    this.waiting.set(state, offer);
    void this.removeLeftOver();
    const mark = `${textHash(state)} ${this.ports.clock.now()}`;
    void this.marked(() => this.ports.folder.replace(waitingFile, mark));
    return toDisposable(() => {
      this.waiting.delete(state);
      void this.marked(async () => {
        if ((await this.ports.folder.read(waitingFile)) === mark) await this.ports.folder.remove(waitingFile);
      });
    });
  }

  /** Offers an answer to this window or another one. `false` if no window took it. Never rejects. */
  async receive(parameters: URLSearchParams): Promise<boolean> {
    if (parameters.toString().length > longestAnswer) return false;
    const state = parameters.get("state") ?? "";
    const offer = this.waiting.get(state);
    if (offer) return offer(parameters) === "taken";
    if (state === "") return false;
    try {
      return (await this.isAwaited(state)) && this.mayForward() && (await this.forward(parameters.toString()));
    } catch (error) {
      this.ports.log.warn(`An answer of Volvo ID could not be handed to another window: ${errorText(error)}`);
      return false;
    }
  }

  dispose(): void {
    this.store.dispose();
    this.waiting.clear();
  }

  /** True if another window waits for an answer with this state. Other answers are not stored. */
  private async isAwaited(state: string): Promise<boolean> {
    const { folder, clock } = this.ports;
    const mark = await this.limited(folder.read(waitingFile), "The state folder");
    const [hash, since] = mark?.split(" ") ?? [];
    const ageMs = clock.now() - Number(since);
    return hash === textHash(state) && ageMs >= 0 && ageMs <= longestAttemptMs;
  }

  private mayForward(): boolean {
    const now = this.ports.clock.now();
    const recent = this.forwardedAt.filter((at) => at <= now && now - at < forwardedWithinMs);
    this.forwardedAt = recent.length < mostForwarded ? [...recent, now] : recent;
    return recent.length < mostForwarded;
  }

  /** Writes or removes the mark in the background. Without the mark, other windows cannot forward the answer. */
  private async marked(change: () => Promise<unknown>): Promise<void> {
    try {
      await change();
    } catch (error) {
      this.ports.log.warn(`Other windows cannot know of this sign-in: ${errorText(error)}`);
    }
  }

  /** `true` once another window has taken the answer, which it shows by deleting it. */
  private async forward(query: string): Promise<boolean> {
    await this.limited(
      this.ports.secrets.store(secretKeys.callback, JSON.stringify({ query, at: this.ports.clock.now() })),
    );
    for (let waitedMs = 0; waitedMs < forwardLimitMs; waitedMs += lookAgainMs) {
      await sleep(this.ports.clock, lookAgainMs);
      if ((await this.limited(this.ports.secrets.get(secretKeys.callback))) === undefined) return true;
    }
    await this.limited(this.ports.secrets.delete(secretKeys.callback));
    return false;
  }

  private async takeForwarded(): Promise<void> {
    try {
      const parameters = new URLSearchParams((await this.forwarded())?.query);
      const offer = this.waiting.get(parameters.get("state") ?? "");
      if (!offer) return;
      offer(parameters);
      await this.limited(this.ports.secrets.delete(secretKeys.callback));
    } catch (error) {
      this.ports.log.warn(`An answer of Volvo ID could not be taken over: ${errorText(error)}`);
    }
  }

  /** Deletes an answer that a window forwarded and could not delete, for example because it was closed. */
  private async removeLeftOver(): Promise<void> {
    try {
      const forwarded = await this.forwarded();
      const ageMs = this.ports.clock.now() - (forwarded?.at ?? 0);
      if (!forwarded || (ageMs >= 0 && ageMs <= longestInTransitMs)) return;
      await this.limited(this.ports.secrets.delete(secretKeys.callback));
    } catch (error) {
      this.ports.log.warn(`An old answer of Volvo ID could not be deleted: ${errorText(error)}`);
    }
  }

  private async forwarded(): Promise<Forwarded | undefined> {
    return readForwarded(await this.limited(this.ports.secrets.get(secretKeys.callback)));
  }

  private limited<T>(call: PromiseLike<T>, what = "VS Code's secret storage"): Promise<T> {
    return withTimeLimit(this.ports.clock, call, answerLimitMs, what);
  }
}

/** A text that this version cannot read counts as an old answer, so that it is deleted. */
function readForwarded(secret: string | undefined): Forwarded | undefined {
  if (secret === undefined) return undefined;
  try {
    return v.parse(forwardedSchema, JSON.parse(secret));
  } catch {
    return { query: "", at: -Infinity };
  }
}
