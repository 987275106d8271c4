import { type Clock, secondMs, TimeoutError, withTimeLimit } from "../base/clock";
import type { Problem } from "../charging/problem";
import type { RenewalOutcome } from "./renewal";
import { RenewalPause } from "./renewalPause";

/** Nobody waits longer than for any other request. The renewal itself goes on: its answer must not be lost. */
const patienceMs = 30 * secondMs;

/** One renewal at a time, whoever asks for it and however soon they leave, with pauses after those that fail. */
export class Renewals {
  private running: Promise<void> | undefined;
  private readonly pause: RenewalPause;

  constructor(private readonly clock: Clock) {
    this.pause = new RenewalPause(clock);
  }

  /** Why there is none at the moment. */
  get problem(): Problem | undefined {
    return this.pause.problem;
  }

  /**
   * Joins the renewal under way or starts one, unless it is a time to pause, and waits for it: 30 s at the most. Rejects
   * only when `signal` aborts.
   */
  async join(renew: () => Promise<RenewalOutcome>, signal: AbortSignal): Promise<void> {
    if (this.pause.problem) return;
    this.running ??= this.run(renew).finally(() => (this.running = undefined));
    try {
      await abortable(withTimeLimit(this.clock, this.running, patienceMs, "Volvo ID"), signal);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
  }

  /** Nothing that went wrong before concerns what comes now. */
  startAfresh(): void {
    this.pause.over();
  }

  async whenIdle(): Promise<void> {
    await this.running;
  }

  private async run(renew: () => Promise<RenewalOutcome>): Promise<void> {
    const outcome = await renew();
    if (outcome.kind === "failed") this.pause.failed(outcome.problem);
    else if (outcome.kind === "renewed" && outcome.grant.accessToken === "") this.pause.failed({ kind: "malformed" });
    else this.pause.over();
  }
}

/** `promise`, or a rejection with the signal's reason; `promise` itself goes on. */
function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    // Also for a signal that has aborted already: a promise that is rejected later wants somebody to have listened.
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
