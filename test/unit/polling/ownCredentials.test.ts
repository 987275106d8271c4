import assert from "node:assert/strict";
import type { Turns } from "../../../src/base/turn";
import { CarStore } from "../../../src/charging/carStore";
import { OwnCredentials } from "../../../src/polling/ownCredentials";
import { RecordingLog } from "../../support/builders/builders";
import { settle } from "../../support/fakeClock";
import { turnsWith } from "../../support/turn";

describe("The credentials of a window", () => {
  const log = new RecordingLog();
  let carStore: CarStore;
  let credentials: { current: string | undefined; generation: number | undefined; isSignedOut: boolean };
  let turns: Turns;
  let purposes: string[];
  let own: OwnCredentials;

  const note = async (current: string | undefined, isSignedOut = false) => {
    Object.assign(credentials, { current, isSignedOut });
    own.note();
    await settle();
  };

  beforeEach(() => {
    log.lines.length = 0;
    carStore = new CarStore();
    credentials = { current: undefined, generation: undefined, isSignedOut: false };
    purposes = [];
    const granted = turnsWith();
    turns = {
      take: (purpose, action, options) => {
        purposes.push(purpose);
        return granted.take(purpose, action, options);
      },
    };
    own = new OwnCredentials({ credentials, carStore, log, turns: { take: (...all) => turns.take(...all) } });
  });

  it("are usable at first, and new after others are entered", async () => {
    await note("stored");
    assert.equal(own.standing, "usable");
    await note("stored");
    assert.equal(own.standing, "usable");
    await note("entered");
    assert.equal(own.standing, "new");
    own.used();
    assert.equal(own.standing, "usable");
    assert.deepEqual(purposes, []);
  });

  it("are new if there were none at first", async () => {
    await note(undefined, true);
    await note("entered");
    assert.equal(own.standing, "new");
    assert.deepEqual(purposes, [], "nothing to sign out of");
  });

  it("count neither as new nor as signed out if they are unreadable for a moment", async () => {
    await note("stored");
    await note(undefined);
    await note("stored");
    assert.deepEqual([own.standing, purposes, carStore.current.account.signedOut], ["usable", [], undefined]);
  });

  it("are signed out once for all windows, unless the windows already use others", async () => {
    for (const [used, isSignedOut] of [
      ["stored", true],
      ["others", undefined],
    ] as const) {
      own = new OwnCredentials({ credentials, carStore, log, turns });
      purposes.length = 0;
      carStore.credentialsChanged(used);
      await note("stored");
      await note(undefined, true);
      await note(undefined, true);
      assert.deepEqual([purposes, carStore.current.account.signedOut], [["change"], isSignedOut]);
    }
  });

  it("are signed out here with a line in the log if the other windows cannot be told", async () => {
    await note("stored");
    turns = { take: () => Promise.reject(new Error("out of order")) };
    await note(undefined, true);
    assert.match(log.lines.join(), /^warn The sign-out could not be written to the shared state: .*out of order/);
  });

  it("count as elsewhere after a turn has shown that, until this window gets the newer sign-in", async () => {
    credentials.generation = 1;
    await note("stored");
    own.found(true);
    await note("stored");
    assert.equal(own.standing, "elsewhere");
    credentials.generation = 2;
    await note("stored");
    assert.equal(own.standing, "usable");
    own.found(true);
    own.found(false);
    assert.equal(own.standing, "usable");
  });

  it("stay new until their own first turn, regardless of a turn with the previous ones", async () => {
    await note("stored");
    await note("entered");
    for (const isElsewhere of [true, false]) {
      own.found(isElsewhere);
      assert.equal(own.standing, "new");
    }
  });
});
