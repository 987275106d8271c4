import { type Clock, hourMs, minuteMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { Grant } from "./credentials";
import { Retry } from "./retry";
import { type Block, hasArrived } from "./sessionState";

const shortestDelayMs = 15 * minuteMs;
const longestDelayMs = hourMs;
/** A refusal this long after the start of a trial counts as the first: the trial succeeded, or made no request. */
const calmMs = hourMs;

/** The reason why a stored sign-in is not used now, if any, and the schedule of trials. */
export class SignInBlock implements Disposable {
  private block: Block | undefined;
  private readonly trials: Retry;

  /** `onTrial` is called when it is time to try the sign-in again. */
  constructor(
    clock: Clock,
    private readonly onTrial: () => void,
  ) {
    this.trials = new Retry(clock, shortestDelayMs, longestDelayMs, calmMs);
  }

  get current(): Block | undefined {
    return this.block;
  }

  /**
   * Blocks a sign-in that Volvo refuses although it was just renewed. It is tried again after 15 minutes, then after growing
   * intervals of up to an hour. `false` if it waits for a trial already, for example because of another car of the same batch.
   */
  refused(): boolean {
    if (this.awaitsTrial) return false;
    this.block = { cause: "signInEnded", refused: this.trials.isFirst ? "once" : "repeatedly" };
    // An attempt of the user in between does not delay the next trial.
    if (!this.trials.isPending) this.trials.later(() => this.tryAgain());
    return true;
  }

  /** Blocks this window's copy of the sign-in until there is one newer than `generation`. */
  outdated(cause: Block["cause"], generation: number): void {
    this.block = { cause, olderThan: generation + 1 };
  }

  /** Ends the wait after {@link refused}, but no other block. */
  tryAgain(): void {
    if (!this.awaitsTrial) return;
    this.block = undefined;
    this.onTrial();
  }

  /** Call when the stored sign-in is still the same: ends a block by {@link outdated} if a newer generation has arrived. */
  loaded(grant: Grant | undefined): void {
    if (this.block && hasArrived(grant, this.block)) this.block = undefined;
  }

  /** Call when another sign-in is stored, or none: ends the block. */
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
