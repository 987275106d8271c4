import assert from "node:assert/strict";
import fc from "fast-check";
import { dayMs, hourMs, minuteMs, secondMs, sleep } from "../../../src/base/clock";
import type { EnergyApiVersion, Reading } from "../../../src/charging/reading";
import type { Failure, NotSent, Result } from "../../../src/charging/failure";
import { v1Body, v2Body, vinNumber } from "../../support/builders/builders";
import { type Answers, ClientRig, jsonResponse } from "../../support/builders/transport";
import { settle } from "../../support/fakeClock";
import { fixture } from "../../support/fixtures";
import { turnWith } from "../../support/turn";

const vin = vinNumber(1);
const cars = Array.from({ length: 12 }, (_, index) => vinNumber(index + 1));

const good = {
  v1: () => jsonResponse(v1Body("CONNECTION_STATUS_CONNECTED_AC")),
  v2: () => jsonResponse(v2Body()),
};

/** Ways in which Volvo reports that this version is not available to this application. */
const unavailable = {
  "has no route in the gateway": captured("gateway.404.resource-not-found.json"),
  "is gone": () => jsonResponse("", 410),
  "is outside the application's scopes": captured("location.403.market.json"),
  "is redirected within its host": () => new Response(null, { status: 307, headers: { location: "/maintenance" } }),
} as const;

const gone = unavailable["has no route in the gateway"];

function captured(name: string): () => Response {
  const { body, status } = fixture(name);
  return () => jsonResponse(body, status);
}

function servedBy(result: Result<Reading>): EnergyApiVersion | Failure | NotSent {
  return result.ok ? result.value.servedBy : result.failure;
}

const other = (version: EnergyApiVersion): EnergyApiVersion => (version === "v1" ? "v2" : "v1");

/** Both versions, requested in the order of a first request. */
function rigWith(answers: Partial<Answers>): ClientRig {
  return new ClientRig({ ...good, ...answers });
}

async function readAll(rig: ClientRig, forced = false): Promise<Result<Reading>[]> {
  return Promise.all(cars.map((car) => rig.client.read(car, turnWith(), { forced })));
}

describe("automatic version choice", () => {
  it("requests v2 first, and only v2 if it answers", async () => {
    const rig = rigWith({});
    assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
    assert.deepEqual(rig.takeAsked(), ["v2"]);
  });

  for (const [way, answer] of Object.entries(unavailable)) {
    it(`uses v1 if v2 ${way}, and then only v1 for a day`, async () => {
      const rig = rigWith({ v2: answer });
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v1");
      assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
      for (let check = 0; check < 5; check++) {
        await rig.edge.clock.advance(4 * hourMs);
        assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v1");
      }
      assert.deepEqual(rig.takeAsked(), ["v1", "v1", "v1", "v1", "v1"]);
      await rig.edge.clock.advance(4 * hourMs);
      await rig.client.read(vin, turnWith());
      assert.deepEqual(rig.takeAsked(), ["v2", "v1"], "a day later");
    });

    it(`switches to v2 if v1 served and then ${way}`, async () => {
      const rig = rigWith({ v2: gone });
      await rig.client.read(vin, turnWith());
      rig.answers.v2 = good.v2;
      rig.answers.v1 = answer;
      rig.takeAsked();
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
      assert.deepEqual(rig.takeAsked(), ["v1", "v2"]);
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
      assert.deepEqual(rig.takeAsked(), ["v2"]);
    });

    it(`switches to v1 if v2 served and then ${way}`, async () => {
      const rig = rigWith({});
      await rig.client.read(vin, turnWith());
      rig.answers.v2 = answer;
      rig.takeAsked();
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v1");
      assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
    });
  }

  const aboutSomethingElse: Record<string, () => Response | Promise<Response>> = {
    "the car is not found": captured("v2.404.vehicle-not-found.json"),
    "the car is outside the allowed markets": captured("cv2.404.market.json"),
    "the model is not supported": captured("v1.404.car-model-not-supported.json"),
    "the account has no relationship to the car": captured("v1.403.no-relationship.json"),
    "the daily call quota is used up": captured("gateway.403.quota.json"),
    "the key is refused": captured("gateway.401.invalid-key.json"),
    "Volvo has an error": captured("v1.500.internal.json"),
    "a 403 has unknown text": () => jsonResponse({ error: { message: "FORBIDDEN" } }, 403),
    "a 404 has unknown text": () => jsonResponse("<html>Not Found</html>", 404),
    "there are too many requests": () => jsonResponse("", 429),
    "the response is not JSON": () => jsonResponse("<html></html>"),
    "the network is unreachable": () => Promise.reject(new TypeError("fetch failed")),
    "a 403 is a filter's page": () => new Response("<html>Blocked</html>", { status: 403 }),
    "a 410 is a filter's page": () => new Response("<html>Gone</html>", { status: 410 }),
    "a network login redirects": () => new Response("", { status: 302, headers: { location: "https://login.test/" } }),
    "a redirect was cancelled": () => Promise.reject(new Error("Redirect was cancelled")),
    "the request is refused": () => jsonResponse({ error: { message: "Invalid VIN" } }, 400),
    "there is no value": () => jsonResponse({}),
  };

  for (const [what, answer] of Object.entries(aboutSomethingElse)) {
    it(`requests no other version if ${what}`, async () => {
      for (const version of ["v2", "v1"] as const) {
        const rig = rigWith({ [other(version)]: gone });
        await rig.client.read(vin, turnWith());
        rig.answers[version] = answer;
        rig.answers[other(version)] = good[other(version)];
        rig.takeAsked();
        const shown = servedBy(await rig.client.read(vin, turnWith()));
        assert.notEqual(shown, other(version));
        assert.deepEqual(rig.takeAsked(), [version]);
      }
    });
  }

  it("takes a car that is not found as proof that the version exists, so the others need no other version", async () => {
    const rig = rigWith({ v1: gone, v2: captured("v2.404.vehicle-not-found.json") });
    await readAll(rig);
    assert.deepEqual(rig.takeAsked(), Array(12).fill("v2"));
  });

  it("takes a car that is not found over v1 as proof for v1 as well", async () => {
    const rig = rigWith({ v2: gone, v1: captured("cv2.404.market.json") });
    await readAll(rig);
    assert.deepEqual(rig.takeAsked(), ["v2", ...Array<string>(12).fill("v1")]);
  });

  it("does not remember a failing version as one that works", async () => {
    const rig = rigWith({ v2: captured("v1.500.internal.json") });
    await rig.client.read(vin, turnWith());
    assert.equal(rig.memory.working, undefined);
  });
});

describe("an account with Energy v1 only", () => {
  it("with twelve concurrent cars costs one more request a day", async () => {
    const rig = rigWith({ v2: gone });
    for (let day = 0; day < 3; day++) {
      for (let check = 0; check < 12; check++) {
        const results = await readAll(rig);
        assert.ok(results.every((result) => servedBy(result) === "v1"));
        const asked = rig.takeAsked();
        assert.equal(asked.filter((version) => version === "v2").length, check === 0 ? 1 : 0, `day ${day}`);
        assert.equal(asked.filter((version) => version === "v1").length, 12);
        await rig.edge.clock.advance(2 * hourMs);
      }
    }
  });

  it("is detected by the first car while the others wait; a canceled car does not block them", async () => {
    let answer: (response: Response) => void = () => undefined;
    const rig = rigWith({ v2: () => new Promise<Response>((resolve) => (answer = resolve)) });
    const first = rig.client.read(cars[0]!, turnWith());
    const abort = new AbortController();
    const second = rig.client.read(cars[1]!, turnWith(abort.signal));
    const third = rig.client.read(cars[2]!, turnWith());
    await settle();
    assert.deepEqual(rig.takeAsked(), ["v2"]);
    abort.abort(new Error("gone"));
    await assert.rejects(second, /gone/);
    answer(gone());
    assert.deepEqual([servedBy(await first), servedBy(await third)], ["v1", "v1"]);
    assert.deepEqual(rig.takeAsked(), ["v1", "v1"]);
  });

  it("costs one more request also if v1 fails while it is detected", async () => {
    const rig = rigWith({ v2: gone, v1: captured("v1.500.internal.json") });
    await readAll(rig);
    assert.deepEqual(rig.takeAsked(), ["v2", ...Array<string>(12).fill("v1")]);
    rig.answers.v1 = good.v1;
    for (const result of await readAll(rig)) assert.equal(servedBy(result), "v1");
    assert.deepEqual(rig.takeAsked(), Array<string>(12).fill("v1"));
  });

  it("is detected by a 401 with a test token", async () => {
    const refused = captured("v1.401.full-authentication.json");
    const rig = rigWith({ v2: refused });
    rig.choice = { ...rig.choice, tokenIsForOneApi: true };
    assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v1");
    assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
    await readAll(rig);
    assert.deepEqual(rig.takeAsked(), Array(12).fill("v1"));
    rig.answers.v1 = refused;
    const ended = await readAll(rig);
    assert.ok(ended.every((result) => !result.ok && result.failure.kind === "tokenRefused"));
    assert.deepEqual(
      rig.takeAsked(),
      Array(12).fill("v1"),
      "a token that worked for this version has expired, and is for no other version",
    );
  });

  it("is not detected by a 401 with Volvo ID, which is about the sign-in", async () => {
    const rig = rigWith({ v2: captured("v1.401.full-authentication.json") });
    assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "tokenRefused" });
    assert.deepEqual(rig.takeAsked(), ["v2"]);
  });
});

describe("the detected version", () => {
  it("applies to its grant, origin and setting only", async () => {
    const rig = rigWith({ v2: gone });
    await rig.client.read(vin, turnWith());
    rig.takeAsked();
    rig.choice = { ...rig.choice, scope: "another grant" };
    await rig.client.read(vin, turnWith());
    assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
  });

  it("does not apply if its response arrives after the grant, the origin or the setting has changed", async () => {
    const rig = rigWith({
      v2: () => {
        rig.choice = { ...rig.choice, scope: "another origin" };
        return gone();
      },
    });
    await rig.client.read(vin, turnWith());
    assert.equal(rig.memory.working, undefined);
  });

  it("is restored after a restart", async () => {
    const rig = rigWith({ v2: gone });
    rig.memory.working = { scope: "a grant", version: "v1", until: rig.edge.clock.now() + minuteMs };
    await rig.client.read(vin, turnWith());
    assert.deepEqual(rig.takeAsked(), ["v1"]);
    await rig.edge.clock.advance(minuteMs);
    await rig.client.read(vin, turnWith());
    assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
  });

  it("never leads to a version that was not granted", async () => {
    for (const version of ["v1", "v2"] as const) {
      const rig = rigWith({ [version]: gone });
      rig.choice = { ...rig.choice, granted: [version] };
      rig.memory.working = { scope: "a grant", version: other(version), until: rig.edge.clock.now() + dayMs };
      assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "routeGone" });
      assert.deepEqual(rig.takeAsked(), [version]);
      await rig.client.read(vin, turnWith());
      assert.deepEqual(rig.takeAsked(), [], "requested again at the next check, as if both were granted");
      rig.memory.working = { ...rig.memory.working, version: other(version) };
      await rig.client.read(vin, turnWith());
      assert.deepEqual(rig.takeAsked(), [version], "the remembered result of the other version is ignored");
    }
  });

  it("is none if no version was granted", async () => {
    const rig = rigWith({});
    rig.choice = { ...rig.choice, granted: [] };
    assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "forbidden", what: "scope" });
    assert.deepEqual(rig.takeAsked(), []);
  });
});

describe("while the working version is unknown", () => {
  /** Answers after ten seconds, or never; counts the concurrent requests. */
  function slow(takesMs: number) {
    const seen = { now: 0, most: 0 };
    const rig = rigWith({
      v2: async ({ init }) => {
        seen.most = Math.max(seen.most, ++seen.now);
        try {
          await sleep(rig.edge.clock, takesMs, init.signal!);
          return good.v2();
        } finally {
          seen.now--;
        }
      },
    });
    return { rig, seen };
  }

  it("the first car is read alone, and the others in parallel once it is known", async () => {
    const { rig, seen } = slow(10 * secondMs);
    const reading = readAll(rig);
    await rig.edge.clock.advance(9 * secondMs);
    assert.equal(seen.most, 1);
    await rig.edge.clock.advance(31 * secondMs);
    assert.ok((await reading).every(({ ok }) => ok));
    assert.equal(seen.most, 4);
  });

  it("twelve cars learn within two minutes that the service does not answer, with one request each", async () => {
    const { rig, seen } = slow(dayMs);
    const reading = readAll(rig);
    await rig.edge.clock.advance(2 * minuteMs);
    for (const result of await reading) assert.deepEqual(servedBy(result), { kind: "timeout" });
    assert.deepEqual(rig.takeAsked(), Array<string>(12).fill("v2"));
    assert.equal(seen.most, 4);
  });

  it("the first car is read alone again two minutes after such a failure", async () => {
    const rig = rigWith({ v2: captured("v1.500.internal.json") });
    await readAll(rig);
    rig.takeAsked();
    rig.answers.v2 = gone;
    await rig.edge.clock.advance(2 * minuteMs);
    await readAll(rig);
    assert.deepEqual(rig.takeAsked(), ["v2", ...Array<string>(12).fill("v1")]);
  });
});

describe("if neither version is available", () => {
  const scopeRefused = unavailable["is outside the application's scopes"];

  it("v2's failure is shown, and the first car of the next check requests both again", async () => {
    const rig = rigWith({ v2: scopeRefused, v1: gone });
    const shown = { kind: "forbidden", what: "scope" };
    for (let check = 0; check < 3; check++) {
      for (const result of await readAll(rig)) assert.deepEqual(servedBy(result), shown);
      assert.deepEqual(rig.takeAsked(), ["v2", "v1"], "once for all twelve cars");
      await rig.edge.clock.advance(minuteMs);
    }
    Object.assign(rig.answers, good);
    assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
  });

  it("a manual refresh requests at once, and a version that has become available stays", async () => {
    const rig = rigWith({ v2: scopeRefused, v1: gone });
    await rig.client.read(vin, turnWith());
    rig.takeAsked();
    await rig.client.read(vin, turnWith(), { forced: true });
    assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
    rig.answers.v1 = good.v1;
    for (const result of await readAll(rig, true)) assert.equal(servedBy(result), "v1");
    assert.deepEqual(rig.takeAsked(), ["v2", ...Array<string>(12).fill("v1")]);
    assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v1");
    assert.deepEqual(rig.takeAsked(), ["v1"]);
  });

  it("both are requested every time if the token is for neither, because the token has its own pause", async () => {
    const refused = captured("v1.401.full-authentication.json");
    const rig = rigWith({ v2: refused, v1: refused });
    rig.choice = { ...rig.choice, tokenIsForOneApi: true };
    for (let check = 0; check < 2; check++) {
      assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "tokenRefused" });
      assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
    }
    assert.equal(rig.memory.working, undefined);
  });
});

describe("A version that has worked and is refused", () => {
  /** v2 has answered before, and v1 is not available, as with the default sign-in. */
  async function workedOnce(answers: Partial<Answers> = { v1: gone }): Promise<ClientRig> {
    const rig = rigWith(answers);
    await rig.client.read(vin, turnWith());
    rig.takeAsked();
    return rig;
  }

  const unavailableBy = (status: number) => ({ kind: "unavailable", status });
  const refusals = [
    [gone, 404],
    [unavailable["is gone"], 410],
    [unavailable["is outside the application's scopes"], 403],
    [unavailable["is redirected within its host"], 307],
  ] as const;

  for (const [refused, status] of refusals) {
    it(`once (${status}) is shown as unavailable, and is asked again at the next check`, async () => {
      const rig = await workedOnce();
      rig.answers.v2 = refused;
      assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), unavailableBy(status));
      assert.deepEqual(rig.takeAsked(), ["v2", "v1"], "the other version is tried at once");
      rig.answers.v2 = good.v2;
      await rig.edge.clock.advance(5 * minuteMs);
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
      assert.deepEqual(rig.takeAsked(), ["v2"]);
    });
  }

  it("is written off after three refusals in a row over six hours, and not before", async () => {
    for (const [everyMs, checks] of [
      [30 * minuteMs, 12],
      [hourMs, 6],
      [3 * hourMs, 2],
      [6 * hourMs, 2],
    ] as const) {
      const rig = await workedOnce();
      rig.answers.v2 = gone;
      for (let check = 0; check < checks; check++) {
        assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), unavailableBy(404), `${everyMs} ${check}`);
        assert.ok(rig.takeAsked().includes("v2"), "each check requests v2");
        await rig.edge.clock.advance(everyMs);
      }
      assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "routeGone" });
    }
  });

  it("is not written off sooner if it is set in the settings", async () => {
    for (const setting of ["v1", "v2"] as const) {
      const rig = rigWith({});
      // The user has set a version that the sign-in may not cover.
      rig.choice = { ...rig.choice, setting, granted: ["v2"] };
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), setting);
      rig.answers[setting] = gone;
      for (let hour = 0; hour < 6; hour++) {
        assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), unavailableBy(404), `${setting} ${hour}`);
        await rig.edge.clock.advance(hourMs);
      }
      assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "routeGone" });
      assert.ok(rig.takeAsked().every((version) => version === setting));
      rig.answers[setting] = good[setting];
      await rig.edge.clock.advance(minuteMs);
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), setting);
    }
  });

  it("is not written off by refusals of many cars at once or with an answer between them", async () => {
    const rig = await workedOnce();
    for (let day = 0; day < 8; day++) {
      rig.answers.v2 = gone;
      for (const result of await readAll(rig)) assert.deepEqual(servedBy(result), unavailableBy(404));
      await rig.edge.clock.advance(4 * hourMs);
      for (const result of await readAll(rig)) assert.deepEqual(servedBy(result), unavailableBy(404));
      rig.answers.v2 = good.v2;
      await rig.edge.clock.advance(2 * hourMs + minuteMs);
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
    }
  });

  it("is retried with a back-off of up to half an hour while the other version serves", async () => {
    const rig = await workedOnce({});
    rig.answers.v2 = gone;
    const retriedAfter: number[] = [];
    let minutes = 0;
    for (let minute = 0; minute < 3 * 60; minute++, minutes++) {
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v1");
      if (rig.takeAsked()[0] === "v2") {
        retriedAfter.push(minutes);
        minutes = 0;
      }
      await rig.edge.clock.advance(minuteMs);
    }
    assert.deepEqual(retriedAfter, [0, 5, 10, 20, 30, 30, 30, 30]);
    rig.answers.v2 = good.v2;
    await rig.edge.clock.advance(30 * minuteMs);
    assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
    assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
    assert.deepEqual(rig.takeAsked(), ["v2", "v2"]);
  });

  it("is replaced by the other version for a day once it is written off", async () => {
    const rig = await workedOnce({});
    rig.answers.v2 = gone;
    for (let check = 0; check < 14; check++) {
      await rig.client.read(vin, turnWith());
      await rig.edge.clock.advance(30 * minuteMs);
    }
    rig.takeAsked();
    for (let check = 0; check < 10; check++) {
      await rig.client.read(vin, turnWith());
      await rig.edge.clock.advance(2 * hourMs);
    }
    assert.deepEqual(rig.takeAsked(), Array(10).fill("v1"));
    await rig.edge.clock.advance(5 * hourMs);
    await rig.client.read(vin, turnWith());
    assert.deepEqual(rig.takeAsked(), ["v2", "v1"]);
  });

  it("is written off at once for a test token", async () => {
    const rig = rigWith({ v1: gone });
    rig.choice = { ...rig.choice, tokenIsForOneApi: true };
    await rig.client.read(vin, turnWith());
    rig.answers.v2 = gone;
    assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "routeGone" });
  });

  it("stays in doubt after a restart, and counts as never seen with new credentials", async () => {
    const rig = await workedOnce();
    rig.answers.v2 = gone;
    await rig.client.read(vin, turnWith());
    const later = rigWith({ v1: gone, v2: gone });
    later.memory.working = structuredClone(rig.memory.working);
    later.edge.clock.jump(rig.edge.clock.now() - later.edge.clock.now());
    assert.deepEqual(servedBy(await later.client.read(vin, turnWith())), unavailableBy(404));
    later.choice = { ...later.choice, scope: "another grant" };
    assert.deepEqual(servedBy(await later.client.read(vin, turnWith())), { kind: "routeGone" });
  });
});

describe("the version knowledge of a clock that was ahead", () => {
  it("is ignored once the clock is set back", async () => {
    const rig = rigWith({ v2: gone, v1: gone });
    const ahead = rig.edge.clock.now() + 40 * dayMs;
    const times = { since: ahead - dayMs, at: ahead };
    for (const failure of [undefined, { kind: "routeGone" } as const]) {
      Object.assign(rig.answers, { v2: good.v2 });
      rig.memory.working = {
        scope: "a grant",
        version: "v1",
        until: ahead + dayMs,
        ...(failure && { failure }),
        worked: ["v2"],
        refused: { v2: { count: 9, ...times } },
      };
      assert.equal(servedBy(await rig.client.read(vin, turnWith())), "v2");
      assert.deepEqual(rig.takeAsked(), ["v2"]);
      rig.answers.v2 = gone;
      assert.deepEqual(servedBy(await rig.client.read(vin, turnWith())), { kind: "unavailable", status: 404 });
      rig.takeAsked();
    }
  });
});

describe("over weeks of changing versions", () => {
  const step = fc.record({
    minutes: fc.integer({ min: 1, max: 20 * 60 }),
    v1: fc.constantFrom("good", "gone", "trouble"),
    v2: fc.constantFrom("good", "gone", "trouble"),
  });
  const answers = (version: EnergyApiVersion) => ({
    good: good[version],
    gone,
    trouble: captured("v1.500.internal.json"),
  });

  it("a reading takes at most two requests, succeeds if the requested version works, and settles on a working one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const rig = rigWith({});
        for (const { minutes, v1, v2 } of steps) {
          rig.edge.clock.jump(minutes * minuteMs);
          rig.answers.v1 = answers("v1")[v1];
          rig.answers.v2 = answers("v2")[v2];
          const before = rig.memory.working;
          const result = await rig.client.read(vin, turnWith());
          const asked = rig.takeAsked();
          assert.ok(asked.length <= 2 && new Set(asked).size === asked.length);
          if (v1 === "good" && v2 === "good" && !before?.failure) assert.ok(result.ok && asked.length === 1);
          if (result.ok) {
            assert.equal(rig.memory.working?.version, result.value.servedBy);
            assert.equal(asked.at(-1), result.value.servedBy);
          }
          if (asked.length === 2) assert.equal({ v1, v2 }[asked[0]!], "gone");
        }
      }),
      { numRuns: 60 },
    );
  });
});
