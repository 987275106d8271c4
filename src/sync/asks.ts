import { type Clock, minuteMs } from "../base/clock";
import type { Vin } from "../charging/vin";
import type { CarKeys } from "./carKeys";
import type { Mailbox, WindowAnswer, WindowRequest } from "./mailbox";
import type { RefreshOutcome } from "./polling";

/** A batch of many cars with a service that does not answer takes about so long. */
const answerLimitMs = 2.5 * minuteMs;

/** What a window wants of the one that polls; of all cars where `vins` is absent. */
export interface Question {
  readonly kind: WindowRequest["kind"];
  readonly vins?: readonly Vin[] | undefined;
}

export interface AsksPorts {
  readonly mailbox: Mailbox;
  readonly clock: Clock;
  readonly keys: Pick<CarKeys, "current">;
  /** The cars that questions and answers can be about. */
  readonly vins: () => readonly Vin[];
}

/** What became of a question to the leader. */
export type Reply = RefreshOutcome | { readonly kind: "leadYourself" };

type Answering = (question: Question) => Promise<RefreshOutcome | undefined>;

/** This window's questions to the one that polls, and its answers while it is that one itself. */
export class Asks {
  private readonly open = new Map<string, (reply: Reply) => void>();
  private readonly serving = new Set<string>();

  constructor(private readonly ports: AsksPorts) {}

  /**
   * Asks the leader and waits for what comes of it; also where the folder cannot be written there is no answer.
   * `credentials` stand for those that this window has.
   */
  async ask({ kind, vins }: Question, credentials: string): Promise<Reply> {
    const { mailbox, clock, keys } = this.ports;
    const id = crypto.randomUUID();
    // Open before it is posted: this window may become the leader meanwhile, and would wait for itself.
    const reply = new Promise<Reply>((resolve) => {
      const limit = clock.after(answerLimitMs, () => this.settle(id, { kind: "unanswered" }));
      this.open.set(id, (settled) => {
        limit.dispose();
        resolve(settled);
      });
    });
    try {
      await mailbox.post(id, { kind, credentials, ...(vins && { cars: vins.map(await keys.current()) }) });
    } catch {
      this.settle(id, { kind: "unanswered" });
    }
    const settled = await reply;
    // What stays there is thrown away with what windows that were killed have left behind.
    await mailbox.withdraw(id).catch(() => undefined);
    return settled;
  }

  /** Looks for answers to what is open. Rejects where the folder cannot be read. */
  async look(): Promise<void> {
    for (const id of this.open.keys()) {
      const answer = await this.ports.mailbox.takeAnswer(id);
      if (!answer) continue;
      this.settle(id, answer.kind === "checked" ? { kind: "checked", vins: await this.vinsOf(answer.cars) } : answer);
    }
  }

  /** Ends everything that is open: nobody else will answer. */
  endAll(reply: Reply): void {
    for (const id of [...this.open.keys()]) this.settle(id, reply);
  }

  /** Takes back what is open and ends it, without waiting for the folder: for the last moment of a process. */
  dispose(): void {
    for (const id of this.open.keys()) this.ports.mailbox.withdrawNow(id);
    this.endAll({ kind: "notReady" });
  }

  /**
   * As the leader: does what others with the same credentials ask for. What this window cannot answer (`undefined`) stays
   * there for the one that can. Rejects where the folder cannot be read.
   */
  async serve(credentials: string | undefined, action: Answering): Promise<void> {
    for (const [id, request] of await this.ports.mailbox.waiting()) {
      if (this.serving.has(id) || this.open.has(id) || request.credentials !== credentials) continue;
      this.serving.add(id);
      void this.serveOne(id, request, action);
    }
  }

  private async serveOne(id: string, { kind, cars }: WindowRequest, action: Answering): Promise<void> {
    const { keys, mailbox } = this.ports;
    try {
      const outcome = await action({ kind, vins: cars && (await this.vinsOf(cars)) });
      if (!outcome) return;
      const answer: WindowAnswer =
        outcome.kind === "checked" ? { kind: "checked", cars: outcome.vins.map(await keys.current()) } : outcome;
      await mailbox.answer(id, answer);
    } catch {
      // The asker stops waiting by itself.
    } finally {
      this.serving.delete(id);
    }
  }

  private async vinsOf(cars: readonly string[]): Promise<readonly Vin[]> {
    const keyOf = await this.ports.keys.current();
    return this.ports.vins().filter((vin) => cars.includes(keyOf(vin)));
  }

  private settle(id: string, reply: Reply): void {
    const settle = this.open.get(id);
    this.open.delete(id);
    settle?.(reply);
  }
}
