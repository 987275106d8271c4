import * as v from "valibot";
import { type Clock, minuteMs } from "../base/clock";
import type { StateFolder } from "../base/folder";
import { holdSchema, timeSchema } from "./snapshotSchema";

/** What a window asks of the one that polls. Cars by their keys. */
export interface WindowRequest {
  readonly kind: "refresh" | "checkDue";
  /** All cars where absent. */
  readonly cars?: readonly string[];
  /** What stands for the credentials the asker has: only a leader with the same can do what is meant. */
  readonly credentials: string;
}

const requestSchema = v.object({
  kind: v.picklist(["refresh", "checkDue"]),
  cars: v.exactOptional(v.array(v.string())),
  credentials: v.string(),
  at: v.number(),
});

const answerSchema = v.object({
  at: v.number(),
  outcome: v.variant("kind", [
    v.object({ kind: v.literal("checked"), cars: v.array(v.string()) }),
    v.object({ kind: v.literal("recent"), at: timeSchema }),
    v.object({
      kind: v.literal("held"),
      hold: v.union([holdSchema, v.object({ kind: v.literal("budgetSpent"), until: timeSchema })]),
    }),
    v.object({ kind: v.picklist(["notReady", "unanswered"]) }),
  ]),
});

export type WindowAnswer = v.InferOutput<typeof answerSchema>["outcome"];

/** Longer than anybody waits for an answer. */
const letterLifeMs = 3 * minuteMs;

const requestName = /^request-([0-9a-f-]{36})\.json$/;
const answerName = /^answer-([0-9a-f-]{36})\.json$/;

/**
 * Requests and answers between windows as files that are written whole. A request lies there until it is answered, so
 * that one whose leader dies over it is answered by the next. All calls reject where the folder cannot be used.
 */
export class Mailbox {
  constructor(
    private readonly folder: StateFolder,
    private readonly clock: Clock,
  ) {}

  /** Leaves a request; `id` is a UUID. */
  async post(id: string, request: WindowRequest): Promise<void> {
    await this.folder.replace(`request-${id}.json`, JSON.stringify({ ...request, at: this.clock.now() }));
  }

  async withdraw(id: string): Promise<void> {
    await this.folder.remove(`request-${id}.json`);
    await this.folder.remove(`answer-${id}.json`);
  }

  /** {@link withdraw} without waiting. */
  withdrawNow(id: string): void {
    this.folder.removeNow(`request-${id}.json`);
    this.folder.removeNow(`answer-${id}.json`);
  }

  /** The answer to one's request, once; `undefined` while there is none. */
  async takeAnswer(id: string): Promise<WindowAnswer | undefined> {
    const answer = await this.read(`answer-${id}.json`, answerSchema);
    if (answer) await this.folder.remove(`answer-${id}.json`);
    return answer?.outcome;
  }

  /** The requests that wait for an answer. What nobody waits for any more is thrown away. */
  async waiting(): Promise<ReadonlyMap<string, WindowRequest>> {
    const requests = new Map<string, WindowRequest>();
    for (const name of await this.folder.list()) {
      const id = requestName.exec(name)?.[1];
      const request = id === undefined ? undefined : await this.read(name, requestSchema);
      if (id !== undefined && request && this.isFresh(request)) requests.set(id, request);
      else if (id !== undefined) await this.folder.remove(name);
    }
    return requests;
  }

  /** Answers a request, which is thereby done. */
  async answer(id: string, outcome: WindowAnswer): Promise<void> {
    await this.folder.replace(`answer-${id}.json`, JSON.stringify({ at: this.clock.now(), outcome }));
    await this.folder.remove(`request-${id}.json`);
  }

  /** Throws away answers that nobody took. */
  async tidy(): Promise<void> {
    for (const name of await this.folder.list()) {
      if (!answerName.test(name)) continue;
      const answer = await this.read(name, answerSchema);
      if (!answer || !this.isFresh(answer)) await this.folder.remove(name);
    }
  }

  private isFresh({ at }: { readonly at: number }): boolean {
    return Math.abs(this.clock.now() - at) < letterLifeMs;
  }

  private async read<T extends v.GenericSchema>(name: string, schema: T): Promise<v.InferOutput<T> | undefined> {
    const text = await this.folder.read(name);
    if (text === undefined) return undefined;
    try {
      const result = v.safeParse(schema, JSON.parse(text));
      return result.success ? result.output : undefined;
    } catch {
      return undefined;
    }
  }
}
