import assert from "node:assert/strict";
import fc from "fast-check";
import { CallbackRelay } from "../../src/auth/callbackRelay";
import { secretKeys } from "../../src/auth/credentialStore";
import { isLoopback } from "../../src/auth/loopback";
import { Emitter } from "../../src/base/event";
import { createNumberedLock } from "../../src/base/numberedLock";
import { minuteMs, secondMs } from "../../src/base/clock";
import { budgetText, problemText } from "../../src/present/problemText";
import { Mailbox } from "../../src/sync/mailbox";
import { WindowNotes } from "../../src/sync/windowNotes";
import { RecordingLog } from "../support/builders";
import { anyText } from "../support/buildersArbitrary";
import { FakeClock, settle } from "../support/fakeClock";
import { fuzz, fuzzAsync } from "../support/fuzzRuns";
import { MemoryDisk } from "../support/memoryFolder";
import { mutatedText } from "../support/mutated";

const locale = { language: "en", timeZone: "UTC" };
const id = "00000000-0000-4000-8000-000000000000";
const start = new FakeClock().now();

const requests = [
  { kind: "refresh", cars: ["a", "b"], credentials: "0123456789abcdef", at: start },
  { kind: "checkDue", credentials: "0123456789abcdef", at: start },
];
const answers = [
  { kind: "checked", cars: ["a"] },
  { kind: "recent", at: start },
  { kind: "held", hold: { kind: "quotaSpent", until: start } },
  { kind: "held", hold: { kind: "serviceUnavailable", cause: "closed", status: 503, until: start } },
  { kind: "held", hold: { kind: "budgetSpent", until: start } },
  { kind: "notReady" },
].map((outcome) => ({ at: start, outcome }));

const numbers = fc.oneof(
  fc.constantFrom("", "0", "-1", "1e400", "NaN", "1e21", "0x10", "8640000000000001", String(start), "garbage"),
  anyText(12),
);

describe("a file with arbitrary content that windows share", () => {
  it("is read as a message or ignored, and every outcome in an answer can be shown", async () => {
    await fuzzAsync(fc.tuple(mutatedText(requests), mutatedText(answers)), async ([request, answer]) => {
      const clock = new FakeClock();
      const disk = new MemoryDisk();
      disk.put(`state/request-${id}.json`, request);
      disk.put(`state/answer-${id}.json`, answer);
      const mailbox = new Mailbox(disk.open("state"), clock);
      for (const { kind, credentials, cars = [] } of (await mailbox.waiting()).values()) {
        assert.ok(
          ["refresh", "checkDue"].includes(kind) && [credentials, ...cars].every((text) => typeof text === "string"),
        );
      }
      await mailbox.tidy();
      const outcome = await mailbox.takeAnswer(id);
      if (outcome?.kind === "recent") assert.ok(!Number.isNaN(new Date(outcome.at).getTime()));
      if (outcome?.kind !== "held") return;
      const { hold } = outcome;
      const text =
        hold.kind === "budgetSpent" ? budgetText(hold.until, start, locale) : problemText(hold, start, locale);
      assert.doesNotMatch(text.sentence, /NaN|Invalid|undefined/);
    });
  });

  it("is read as a note or ignored, and is rewritten by a window that knows better", async () => {
    const note = fc.array(numbers, { maxLength: 3 }).map((parts) => parts.join(" "));
    await fuzzAsync(fc.tuple(note, anyText(20), numbers), async ([focus, credentials, presence]) => {
      const clock = new FakeClock();
      const disk = new MemoryDisk();
      disk.put("state/focus", focus);
      disk.put("state/credentials-current", credentials);
      disk.put("state/windows/0badcafe", presence);
      const notes = new WindowNotes(disk.open("state"), clock);
      await notes.look();
      assert.match(notes.currentCredentials ?? "none", /^(?:none|[0-9a-f]{16})$/);
      assert.ok([0, 1].includes(await notes.countWindows()));
      await notes.keepPresenceNoted();
      await clock.advance(minuteMs);
      await notes.noteFocusChange(true);
      const other = new WindowNotes(disk.open("state"), clock);
      await other.look();
      assert.deepEqual(other.lastFocus, { at: clock.now(), gainedAt: clock.now() });
    });
  });

  it("counts as a held lock until the file has not changed for the stale time", async () => {
    const name = fc.oneof(
      fc.integer({ min: 1, max: 1e13 }).map(String),
      numbers.filter((text) => text !== ""),
    );
    const files = fc.array(fc.tuple(name, fc.oneof(fc.constantFrom("released", ""), anyText(30))), { maxLength: 4 });
    await fuzzAsync(files, async (entries) => {
      const clock = new FakeClock();
      const disk = new MemoryDisk();
      for (const [file, content] of entries) disk.put(`lease/${file.replaceAll("/", "_")}`, content);
      const before = [...disk.contents.keys()].flatMap((path) => /^lease\/([1-9]\d{0,14})$/.exec(path)?.slice(1) ?? []);
      const lock = createNumberedLock(disk.open("lease"), clock, { heartbeatMs: secondMs, staleMs: 3 * secondMs });
      let hold = await lock.tryAcquire();
      for (let beat = 0; beat < 5 && !hold; beat++) {
        await clock.advance(secondMs);
        hold = await lock.tryAcquire();
      }
      assert.ok(hold, "taken over in the end");
      for (const number of before) assert.ok(Number(number) < hold.number);
      assert.ok(await hold.stillHeld());
      assert.equal(await lock.tryAcquire(), undefined, "and no other process has it");
      hold.releaseNow();
    });
  });
});

describe("a browser response that another window has handed over", () => {
  it("is accepted by the attempt with the same state, and ignored by all others", async () => {
    const state = "the-state";
    const originals = [`code=abc&state=${state}`, `state=${state}&error=access_denied`, "code=abc&state=other"];
    const at = new FakeClock().now();
    const forwarded = mutatedText(originals.map((query) => ({ query, at })));
    await fuzzAsync(fc.oneof(forwarded, anyText(60)), async (secret) => {
      const changed = new Emitter<string>();
      const disk = new Map<string, string>([[secretKeys.callback, secret]]);
      const log = new RecordingLog();
      const relay = new CallbackRelay({
        secrets: {
          get: (key) => Promise.resolve(disk.get(key)),
          store: () => Promise.resolve(),
          delete: (key) => Promise.resolve(void disk.delete(key)),
          onDidChange: changed.event,
        },
        clock: new FakeClock(),
        log,
      });
      const taken: (string | null)[] = [];
      relay.expect(state, (parameters) => {
        taken.push(parameters.get("state"));
        return "taken";
      });
      changed.fire(secretKeys.callback);
      await settle();
      assert.deepEqual(log.lines, []);
      assert.ok(taken.length <= 1 && taken.every((each) => each === state));
      if (taken.length > 0) assert.equal(disk.size, 0);
      relay.dispose();
    });
  });
});

describe("a redirect URI", () => {
  it("is local only with one of the three names of this computer", () => {
    const host = fc.oneof(
      fc.constantFrom("localhost", "LOCALHOST", "127.0.0.1", "0x7f.1", "[::1]", "[0:0::1]", "127.0.0.2", "[::]"),
      fc.constantFrom("constructor", "__proto__", "localhost.", "localhost.evil.test", "127.0.0.1.nip.io", "toString"),
      anyText(12),
    );
    const address = fc
      .tuple(fc.constantFrom("http:", "https:", "HTTP:", "vscode:"), fc.constantFrom("", "localhost@", "a:b@"), host)
      .map(([protocol, user, name]) => `${protocol}//${user}${name}:17455/callback`)
      .filter((text) => URL.canParse(text));
    fuzz(address, (text) => {
      const { protocol, hostname } = new URL(text);
      const isOurs = protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
      assert.equal(isLoopback(text), isOurs, text);
    });
  });
});
