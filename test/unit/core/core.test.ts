import { limitedFolder } from "../../../src/windows/limitedFolder";
import assert from "node:assert/strict";
import { CredentialStore } from "../../../src/auth/credentialStore";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import type { StateFolder } from "../../../src/base/folder";
import { Redactor } from "../../../src/base/redactor";
import { createCore } from "../../../src/core/core";
import { parseSettings, type Settings } from "../../../src/settings/settings";
import { defaultApiKey, SimulatedVolvo } from "../../../src/simulator/simulatedVolvo";
import { simulatorFetch } from "../../../src/simulator/simulatorFetch";
import { SecretWorld } from "../../support/auth/secrets";
import { RecordingLog, vinNumber } from "../../support/builders/builders";
import { FakeClock } from "../../support/fakeClock";
import { type Breakage, faultyFolder } from "../../support/disk/faultyFolder";
import { MemoryDisk } from "../../support/disk/memoryFolder";
import { testTokenSecrets } from "../../support/product/realCore";

describe("The mode of all windows", () => {
  const vin = vinNumber(1);
  const baseUrl = "https://api.volvocars.com";
  let clock: FakeClock;
  let volvo: SimulatedVolvo;
  let breakage: { -readonly [K in keyof Breakage]: Breakage[K] };
  let windows: ReturnType<typeof createCore>[];

  beforeEach(async () => {
    clock = new FakeClock();
    volvo = new SimulatedVolvo(clock, { cars: [{ vin, model: "EX30", modelYear: 2024 }] });
    const disk = new MemoryDisk();
    const secrets = new SecretWorld(clock);
    const token = volvo.issueTestToken().value;
    for (const [key, value] of Object.entries(testTokenSecrets(baseUrl, defaultApiKey, token))) {
      secrets.disk.set(key, value);
    }
    breakage = { calls: [], code: "EROFS" };
    const open = (folder: StateFolder) => {
      const settings = parseSettings((key) => (key === "vehicles" ? [vin] : undefined));
      const redactor = new Redactor();
      const mark = { isSet: () => Promise.resolve(true), set: () => Promise.resolve() };
      return createCore({
        clock,
        log: new RecordingLog(),
        redactor,
        fetch: simulatorFetch(volvo),
        credentials: new CredentialStore({ secrets: secrets.open(), mark, clock, redactor }),
        settings: { current: settings, onDidChange: new Emitter<Settings>().event },
        focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
        windows: { folder: limitedFolder(folder, clock), alive: () => Promise.resolve(), isWanted: () => false },
        random: () => 0,
      });
    };
    windows = [faultyFolder(disk.open("state"), breakage), disk.open("state")].map(open);
    for (const window of windows) {
      window.start();
      await clock.advance(2 * secondMs);
    }
  });

  afterEach(() => {
    for (const window of windows) window.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  const asked = () => volvo.requests.of("energy-v2").length;
  const modes = () => windows.map(({ carStore }) => carStore.current.mode);

  it("stops the checks of all windows, but not a manual refresh, until one of them ends it", async () => {
    const [first, second] = windows;
    assert.ok(first && second);
    const before = asked();
    assert.ok(before > 0);
    const paused = { kind: "paused", since: clock.now() } as const;
    await first.setMode(paused);
    await clock.advance(2 * secondMs);
    assert.deepEqual(modes(), [paused, paused]);
    await clock.advance(10 * minuteMs);
    assert.equal(asked(), before);
    const refreshed = second.polling.refresh();
    await clock.advance(secondMs);
    assert.equal((await refreshed).kind, "checked");
    assert.equal(asked(), before + 1);
    assert.deepEqual(modes(), [paused, paused]);
    await clock.advance(10 * minuteMs);
    await second.setMode(undefined);
    await clock.advance(2 * secondMs);
    assert.deepEqual(modes(), [undefined, undefined]);
    await clock.advance(20 * secondMs);
    assert.equal(asked(), before + 2);
  });

  it("expires by itself", async () => {
    const before = asked();
    await windows[0]?.setMode({ kind: "paused", since: clock.now(), until: clock.now() + 10 * minuteMs });
    await clock.advance(10 * minuteMs - secondMs);
    assert.equal(asked(), before);
    await clock.advance(30 * secondMs);
    assert.equal(asked(), before + 1);
  });

  it("does not change if it cannot be written", async () => {
    breakage.calls = ["replace"];
    const set = assert.rejects(windows[0]!.setMode({ kind: "paused", since: clock.now() }));
    await clock.advance(30 * secondMs);
    await set;
    assert.deepEqual(modes(), [undefined, undefined]);
  });
});
