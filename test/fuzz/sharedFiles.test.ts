import assert from "node:assert/strict";
import fc from "fast-check";
import { CallbackRelay } from "../../src/auth/callbackRelay";
import { secretKeys } from "../../src/auth/credentialStore";
import { isLoopback } from "../../src/auth/loopback";
import { Emitter } from "../../src/base/event";
import { createNumberedLock } from "../../src/base/numberedLock";
import { secondMs } from "../../src/base/clock";
import { CarStore } from "../../src/charging/carStore";
import { keysOf, saltFile } from "../../src/windows/carKeys";
import { SharedState } from "../../src/windows/sharedState";
import { writeState } from "../../src/windows/stateFile";
import { stateFile } from "../../src/windows/stateFileNames";
import { aReading, RecordingLog, vinNumber } from "../support/builders/builders";
import { anyText } from "../support/builders/arbitrary";
import { FakeClock, settle } from "../support/fakeClock";
import { fuzz, fuzzAsync } from "../support/fuzzRuns";
import { MemoryDisk } from "../support/disk/memoryFolder";
import { mutatedText } from "../support/mutated";
import { turnWith } from "../support/turn";

const start = new FakeClock().now();
const vin = vinNumber(1);

function openWindow(disk: MemoryDisk) {
  const carStore = new CarStore();
  carStore.configure([{ vin }]);
  const log = new RecordingLog();
  return {
    carStore,
    log,
    state: new SharedState({ folder: disk.open("state"), carStore, clock: new FakeClock(), log }),
  };
}

const numbers = fc.oneof(
  fc.constantFrom("", "0", "-1", "1e400", "NaN", "1e21", "0x10", "8640000000000001", String(start), "garbage"),
  anyText(12),
);

describe("a shared file with arbitrary content", () => {
  it("does not prevent a window from writing a state that the others can read", async () => {
    const carStore = new CarStore();
    carStore.configure([{ vin }]);
    carStore.succeeded(vin, aReading({ fetchedAt: start }));
    const keys = keysOf("0123456789abcdef0123456789abcdef")!;
    const good = JSON.parse(writeState(carStore.shared, {}, keys, start)) as unknown;
    const name = fc.oneof(
      fc.integer({ min: 1, max: 1e13 }).map(stateFile),
      fc.constantFrom("state.json", "state.0.json", "state.-1.json", "state.1.json.tmp", "events", "refresh"),
      numbers.map((text) => `state.${text}.json`.replaceAll("/", "_")),
    );
    const files = fc.array(fc.tuple(name, mutatedText([good])), { maxLength: 4 });
    const salt = fc.oneof(fc.constant("0123456789abcdef0123456789abcdef"), anyText(40), numbers);
    await fuzzAsync(fc.tuple(files, fc.option(salt)), async ([entries, text]) => {
      const disk = new MemoryDisk();
      for (const [file, content] of entries) disk.put(`state/${file}`, content);
      if (text !== null) disk.put(`state/${saltFile}`, text);
      const [window, other] = [openWindow(disk), openWindow(disk)];
      await window.state.follow();
      const turn = turnWith(undefined, { number: 99_999_999_999_999 });
      await window.state.begin(turn);
      window.carStore.requested("window", start);
      window.carStore.succeeded(vin, aReading({ fetchedAt: start }));
      await window.state.end(turn, true);
      await other.state.follow();
      // A file of a newer version, or one named after a later turn, takes precedence.
      const isNewer = window.carStore.current.sharing === "newer";
      assert.ok(isNewer || other.carStore.car(vin)?.reading?.fetchedAt === start);
      assert.ok(window.log.lines.length <= 1, window.log.lines.join());
      window.state.dispose();
      other.state.dispose();
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
      for (const [file, content] of entries) disk.put(`refresh/${file.replaceAll("/", "_")}`, content);
      const before = [...disk.contents.keys()].flatMap(
        (path) => /^refresh\/([1-9]\d{0,14})$/.exec(path)?.slice(1) ?? [],
      );
      const lock = createNumberedLock(disk.open("refresh"), clock, { heartbeatMs: secondMs, staleMs: 3 * secondMs });
      let hold = await lock.tryAcquire();
      for (let beat = 0; beat < 5 && !hold; beat++) {
        await clock.advance(secondMs);
        hold = await lock.tryAcquire();
      }
      assert.ok(hold, "the lock is taken over after the stale time");
      for (const number of before) assert.ok(Number(number) < hold.number);
      assert.ok(await hold.stillHeld());
      assert.equal(await lock.tryAcquire(), undefined, "no other process holds the lock");
      hold.releaseNow();
    });
  });
});

describe("a browser response passed on by another window", () => {
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
        folder: {
          read: () => Promise.resolve(undefined),
          replace: () => Promise.resolve(),
          remove: () => Promise.resolve(),
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
