import { type Clock, minuteMs } from "../base/clock";
import type { Vin } from "../charging/vin";
import type { KeyOf } from "./carKeys";
import type { Mailbox, WindowAnswer, WindowRequest } from "./mailbox";
import type { RefreshOutcome } from "./polling";

/** A batch of many cars with a service that does not answer takes about so long. */
const answerLimitMs = 2.5 * minuteMs;

type VinsOf = (keys: readonly string[]) => readonly Vin[];

/** What became of a question to the leader. */
export type Reply = RefreshOutcome | { readonly kind: "leadYourself" };

/** This window's questions to the one that polls, and its answers while it is that one itself. */
export class Asks {
  private readonly open = new Map<string, { settle: (reply: Reply) => void; vinsOf: VinsOf }>();
  private readonly serving = new Set<string>();

  constructor(
    private readonly mailbox: Mailbox,
    private readonly clock: Clock,
  ) {}

  /** Asks the leader and waits for what comes of it. Rejects where the folder cannot be written. */
  async ask(request: WindowRequest, vinsOf: VinsOf): Promise<Reply> {
    const id = await this.mailbox.post(request);
    const reply = await new Promise<Reply>((resolve) => {
      const limit = this.clock.after(answerLimitMs, () => this.settle(id, { kind: "unanswered" }));
      const settle = (settled: Reply) => {
        limit.dispose();
        resolve(settled);
      };
      this.open.set(id, { settle, vinsOf });
    });
    await this.mailbox.withdraw(id);
    return reply;
  }

  /** Looks for answers to what is open. */
  async look(): Promise<void> {
    for (const [id, { vinsOf }] of this.open) {
      const answer = await this.mailbox.takeAnswer(id);
      if (!answer) continue;
      this.settle(id, answer.kind === "checked" ? { kind: "checked", vins: vinsOf(answer.cars) } : answer);
    }
  }

  /** Ends everything that is open: nobody else will answer. */
  endAll(reply: Reply): void {
    for (const id of [...this.open.keys()]) this.settle(id, reply);
  }

  /** Without waiting, for the last moment of a process. */
  withdrawNow(): void {
    for (const id of this.open.keys()) this.mailbox.withdrawNow(id);
  }

  /**
   * As the leader: does what others with the same credentials ask for. What this window cannot answer stays there for
   * the one that can.
   */
  async serve(
    credentials: string | undefined,
    keyOf: KeyOf,
    action: (request: WindowRequest) => Promise<RefreshOutcome | undefined>,
  ): Promise<void> {
    for (const [id, request] of await this.mailbox.waiting()) {
      if (this.serving.has(id) || this.open.has(id) || request.credentials !== credentials) continue;
      this.serving.add(id);
      void this.serveOne(id, keyOf, () => action(request));
    }
  }

  private async serveOne(id: string, keyOf: KeyOf, action: () => Promise<RefreshOutcome | undefined>): Promise<void> {
    try {
      const outcome = await action();
      if (!outcome) return;
      const answer: WindowAnswer =
        outcome.kind === "checked" ? { kind: "checked", cars: outcome.vins.map(keyOf) } : outcome;
      await this.mailbox.answer(id, answer);
    } catch {
      // The asker stops waiting by itself.
    } finally {
      this.serving.delete(id);
    }
  }

  private settle(id: string, reply: Reply): void {
    const asked = this.open.get(id);
    this.open.delete(id);
    asked?.settle(reply);
  }
}
