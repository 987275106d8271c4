import { type Clock, hourMs, minuteMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Grant } from "./credentials";
import { Retry } from "./retry";
import { type Block, hasArrived } from "./sessionState";

const firstTrialMs = 15 * minuteMs;
const lastTrialMs = hourMs;
/** A refusal so long after a trial began is a new one: the trial succeeded, or no request was made since. */
const calmMs = hourMs;

/** Why a stored sign-in is not used at the moment, if so, and when it is tried again. */
export class SignInBlock implements Disposable {
  private block: Block | undefined;
  private readonly trials: Retry;

  /** `onTrial` is called when the sign-in is to be tried again. */
  constructor(
    clock: Clock,
    private readonly onTrial: () => void,
  ) {
    this.trials = new Retry(clock, firstTrialMs, lastTrialMs, calmMs);
  }

  get current(): Block | undefined {
    return this.block;
  }

  /**
   * Volvo refuses it although it has just been renewed: it is tried again after 15 minutes, and after twice as long each
   * time. `false` where that is known already, as from another car of the same batch.
   */
  refused(): boolean {
    if (this.awaitsTrial) return false;
    this.block = { cause: "signInEnded", refused: this.trials.isFirst ? "once" : "repeatedly" };
    // An attempt of the user in between does not postpone the next trial.
    if (!this.trials.isPending) this.trials.later(() => this.tryAgain());
    return true;
  }

  /** This window's copy is of no use until there is one newer than `generation`. */
  outdated(cause: Block["cause"], generation: number): void {
    this.block = { cause, olderThan: generation + 1 };
  }

  /** Ends the waiting after {@link refused}; nothing else. */
  tryAgain(): void {
    if (!this.awaitsTrial) return;
    this.block = undefined;
    this.onTrial();
  }

  /** What is stored is the same sign-in as before. */
  loaded(grant: Grant | undefined): void {
    if (this.block && hasArrived(grant, this.block)) this.block = undefined;
  }

  /** What is stored is another sign-in, or none. */
  over(): void {
    this.block = undefined;
    this.trials.over();
  }

  dispose(): void {
    this.trials.dispose();
  }

  private get awaitsTrial(): boolean {
    return this.block?.refused !== undefined;
  }
}
