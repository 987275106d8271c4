import { appendFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSession } from "../../../src/auth/createSession";
import { CredentialStore, type SecretStore } from "../../../src/auth/credentialStore";
import { createGenerationFence } from "../../../src/auth/generationFence";
import type { TokenEndpoint } from "../../../src/auth/tokenEndpoint";
import { createVolvoIdServer } from "../../../src/auth/volvoIdServer";
import { sleep, systemClock } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import { redactingLogger } from "../../../src/base/log";
import { Redactor } from "../../../src/base/redactor";
import { createNumberedLock, type LockHold, type NumberedLock } from "../../../src/base/numberedLock";
import { createStateFolder } from "../../../src/host/stateFolder";
import { limitedFolder } from "../../../src/windows/limitedFolder";
import { WindowTurns } from "../../../src/windows/turns";
import { apiOrigin, createBackoffMemory, noState } from "./world";
import { turnsWith } from "../turn";

/** The parent's order to a window's process: renew the sign-in in `folder` this many times. */
export interface RoundRequest {
  readonly folder: string;
  readonly issuer: string;
  readonly renewals: number;
  readonly withoutLock: boolean;
  readonly times: LockTimes;
}

/** The interval of the lock's heartbeats, and the silence after which the lock counts as free (ms). */
export interface LockTimes {
  readonly heartbeatMs: number;
  readonly staleMs: number;
}

/** One line of `trace.jsonl` in the folder of a round: a step of a process's renewal. */
export interface TraceLine {
  readonly pid: number;
  /** ms. */
  readonly at: number;
  /** The lock was checked and is held; a refresh token is presented; the new sign-in is on disk. */
  readonly step: "held" | "presents" | "stored";
  readonly refreshToken?: string;
}

/** The outcome of each renewal: "token" or a problem. */
export interface RoundReport {
  readonly outcomes: readonly string[];
  readonly log: readonly string[];
}

/**
 * Shorter than in the product, so the lock of a dead window is taken over sooner, but long enough for a busy machine.
 */
export const fastLock: LockTimes = { heartbeatMs: 300, staleMs: 1_800 };

/**
 * Secrets as stored by desktop VS Code: a copy in each window, written with a delay, and seen by other windows later.
 */
function desktopSecrets(folder: string, onStored: () => void): SecretStore & { stop(): void } {
  const file = join(folder, "secrets.json");
  const changed = new Emitter<string>();
  const read = () => new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>));
  let copy = read();
  const pending = new Set<string>();
  const polling = setInterval(() => {
    const next = read();
    for (const [key, value] of next) {
      if (pending.has(key) || copy.get(key) === value) continue;
      copy = new Map(copy).set(key, value);
      changed.fire(key);
    }
  }, 40);
  return {
    get: (key) => Promise.resolve(copy.get(key)),
    store: async (key, value) => {
      copy = new Map(copy).set(key, value);
      pending.add(key);
      changed.fire(key);
      void sleep(systemClock, 100).then(() => {
        const temporary = `${file}.${process.pid}`;
        writeFileSync(temporary, JSON.stringify(Object.fromEntries(read().set(key, copy.get(key) ?? ""))));
        renameSync(temporary, file);
        pending.delete(key);
        onStored();
      });
      await Promise.resolve();
    },
    delete: () => Promise.reject(new Error("Deletion is not supported here")),
    onDidChange: changed.event,
    stop: () => clearInterval(polling),
  };
}

/** `lock`, with a call of `onHeld` whenever a check shows that it is held. */
function traced(lock: NumberedLock, { heartbeatMs }: LockTimes, onHeld: () => void): NumberedLock {
  const tracedHold = (hold: LockHold | undefined): LockHold | undefined =>
    hold && {
      number: hold.number,
      takenAt: hold.takenAt,
      tookOver: hold.tookOver,
      get isOver() {
        return hold.isOver;
      },
      stillHeld: async () => {
        const at = Date.now();
        const isHeld = await hold.stillHeld();
        if (isHeld && Date.now() - at < heartbeatMs) onHeld();
        return isHeld;
      },
      release: () => hold.release(),
      releaseNow: () => hold.releaseNow(),
    };
  return {
    tryAcquire: async () => tracedHold(await lock.tryAcquire()),
    takeOver: async () => tracedHold(await lock.takeOver()),
  };
}

async function playRound({ folder, issuer, renewals, withoutLock, times }: RoundRequest): Promise<RoundReport> {
  const log: string[] = [];
  const write = (message: string) => void log.push(message);
  const redactor = new Redactor();
  const trace = (step: TraceLine["step"], refreshToken?: string) => {
    const line: TraceLine = { pid: process.pid, at: Date.now(), step, ...(refreshToken && { refreshToken }) };
    appendFileSync(join(folder, "trace.jsonl"), `${JSON.stringify(line)}\n`);
  };
  const secrets = desktopSecrets(folder, () => trace("stored"));
  const state = createStateFolder(join(folder, "state"));
  const logger = redactingLogger({ trace: write, debug: write, info: write, warn: write, error: write }, redactor);
  const ownTurns = new WindowTurns({
    lock: traced(createNumberedLock(limitedFolder(state, systemClock), systemClock, times), times, () => trace("held")),
    times,
    state: noState,
    clock: systemClock,
    log: logger,
    focus: { isFocused: true, lastFocusedAt: () => Date.now(), onDidChange: new Emitter<boolean>().event },
    alive: () => Promise.resolve(),
    spend: () => undefined,
  });
  // Without mutual exclusion every request gets a turn at once.
  const turns = withoutLock ? turnsWith() : ownTurns;
  const server = createVolvoIdServer({ fetch: (url, init) => fetch(url, init), clock: systemClock, redactor });
  const endpoint: TokenEndpoint = {
    refresh: (client, refreshToken) => {
      trace("presents", refreshToken);
      return server.refresh(client, refreshToken);
    },
    revoke: (client, refreshToken) => server.revoke(client, refreshToken),
  };
  const session = createSession({
    store: new CredentialStore({
      secrets,
      mark: { isSet: () => Promise.resolve(true), set: () => Promise.resolve() },
      clock: systemClock,
      redactor,
    }),
    volvoId: {
      fence: createGenerationFence(state, systemClock),
      endpoint,
    },
    turns,
    backoff: createBackoffMemory(),
    isQuiet: () => false,
    clock: systemClock,
    log: logger,
    addresses: () => ({ origin: apiOrigin, issuer }),
  });
  await session.reload();
  const outcomes: string[] = [];
  for (let renewal = 0; renewal < renewals; renewal++) {
    const outcome = await turns.take("refresh", async (turn) => {
      const authorization = await session.authorize(apiOrigin, turn);
      return "kind" in authorization ? authorization : session.renew(authorization, turn);
    });
    if (!outcome) outcomes.push("busy");
    else outcomes.push("kind" in outcome.value ? outcome.value.kind : "token");
    await sleep(systemClock, Math.random() * 150);
  }
  await session.whenIdle();
  await ownTurns.whenIdle();
  await sleep(systemClock, 150);
  session.dispose();
  secrets.stop();
  return { outcomes, log };
}

process.on("message", (request: RoundRequest) => {
  playRound(request).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ outcomes: [String(error)], log: [] } satisfies RoundReport),
  );
});
