import assert from "node:assert/strict";
import { minuteMs } from "../../../src/base/clock";
import { errorMember, okMember, v1Body, v2Body, v2Members, vinNumber } from "../../support/builders/builders";
import { anAccessToken, ClientRig, jsonResponse } from "../../support/builders/transport";
import { turnWith } from "../../support/turn";

const vin = vinNumber(1);

function rigOf(v2: unknown, v1: unknown = v1Body("CONNECTION_STATUS_CONNECTED_DC")): ClientRig {
  return new ClientRig({ v1: () => jsonResponse(v1), v2: () => jsonResponse(v2) });
}

describe("a reading", () => {
  it("takes one request to one version, at its path and in its media type", async () => {
    for (const [setting, path, accept] of [
      [
        "v1",
        `/energy/v1/vehicles/${vin}/recharge-status/charging-connection-status`,
        "application/vnd.volvocars.api.energy.vehicledata.v1+json",
      ],
      ["v2", `/energy/v2/vehicles/${vin}/state`, "application/json"],
    ] as const) {
      const rig = rigOf(v2Body());
      rig.choice = { ...rig.choice, setting };
      const result = await rig.client.read(vin, turnWith());
      assert.equal(result.ok && result.value.servedBy, setting);
      assert.deepEqual(
        rig.edge.sent.map((request) => [request.path, request.headers.get("accept")]),
        [[path, accept]],
      );
    }
  });

  it("has the time of its request", async () => {
    const rig = rigOf(v2Body());
    await rig.edge.clock.advance(5 * minuteMs);
    const result = await rig.client.read(vin, turnWith());
    assert.equal(result.ok && result.value.fetchedAt, rig.edge.clock.now());
  });

  it("is a failure if the response is not of that version", async () => {
    for (const body of ["null", "[]", '"DISCONNECTED"', { code: "X" }, "text"]) {
      const result = await rigOf(body).client.read(vin, turnWith());
      assert.deepEqual(!result.ok && result.failure, { kind: "malformed" });
    }
  });

  it("with a set version uses no other, regardless of the response", async () => {
    const gone = () => jsonResponse({ statusCode: 404, message: "Resource not found" }, 404);
    for (const setting of ["v1", "v2"] as const) {
      const rig = new ClientRig({ v1: gone, v2: gone });
      rig.choice = { ...rig.choice, setting };
      const result = await rig.client.read(vin, turnWith());
      assert.deepEqual(!result.ok && result.failure, { kind: "routeGone" });
      assert.deepEqual(rig.takeAsked(), [setting]);
    }
  });

  it("logs an unrecognized value once", async () => {
    const odd = {
      chargerConnectionStatus: okMember("LOOSE"),
      chargingStatus: okMember("PAUSED"),
      chargerPowerStatus: okMember("REDUCED"),
      chargingType: okMember("WIRELESS"),
    };
    const rig = rigOf(v2Body(odd));
    for (const car of [vin, vinNumber(2), vin]) await rig.client.read(car, turnWith());
    const warnings = rig.edge.log.lines.filter((line) => line.startsWith("warn"));
    assert.deepEqual(warnings, [
      'warn Volvo uses a word that this version does not know: "LOOSE"',
      'warn Volvo uses a word that this version does not know: "WIRELESS"',
      'warn Volvo uses a word that this version does not know: "PAUSED"',
      'warn Volvo uses a word that this version does not know: "REDUCED"',
    ]);
  });

  it("logs each of the first hundred unrecognized values once, and no more", async () => {
    let next = 0;
    const rig = new ClientRig({
      v1: () => jsonResponse({}),
      v2: () => jsonResponse(v2Body({ chargingStatus: okMember(`WORD-${next++ % 150}`) })),
    });
    for (let answer = 0; answer < 450; answer++) {
      const result = await rig.client.read(vin, turnWith());
      assert.deepEqual(result.ok && result.value.details.chargingStatus?.value, { raw: `WORD-${answer % 150}` });
    }
    const warnings = rig.edge.log.lines.filter((line) => line.startsWith("warn"));
    assert.equal(warnings.length, 101);
    assert.equal(new Set(warnings).size, 101);
    assert.match(warnings.at(-1)!, /more than 100/);
  });

  it("logs no value if all are recognized, in error or missing", async () => {
    const bodies = [v2Body(), v2Body({ chargerConnectionStatus: errorMember("NEW_CODE") })];
    for (const body of bodies) {
      const rig = rigOf(body);
      await rig.client.read(vin, turnWith());
      assert.deepEqual(
        rig.edge.log.lines.filter((line) => line.startsWith("warn")),
        [],
      );
    }
  });

  it("keeps and logs only the beginning of an endless value", async () => {
    for (const word of ["X".repeat(5_000), "X ".repeat(5_000)]) {
      const rig = rigOf(v2Body({ chargingStatus: okMember(word) }));
      const result = await rig.client.read(vin, turnWith());
      assert.ok(JSON.stringify(result).length < 1_500);
      assert.ok(rig.edge.log.lines.every((line) => line.length < 200));
    }
  });

  it("contains neither token nor VIN if the service echoes them in a value", async () => {
    const echoes = [vin, `car ${vin}`, `Bearer ${anAccessToken}`, anAccessToken, `${"x ".repeat(994)}${anAccessToken}`];
    for (const echo of echoes) {
      const v2 = v2Body(Object.fromEntries(v2Members.map((name) => [name, okMember(echo)])));
      const rig = rigOf(v2, v1Body(echo));
      rig.redactor.learn(anAccessToken);
      for (const setting of ["v1", "v2"] as const) {
        rig.choice = { ...rig.choice, setting };
        const result = await rig.client.read(vin, turnWith());
        const kept = JSON.stringify([result, rig.edge.log.lines.filter((line) => line.startsWith("warn"))]);
        for (const secret of [vin, anAccessToken]) assert.ok(!kept.includes(secret.slice(0, 8)), kept);
      }
    }
  });
});

describe("the car list and the model names", () => {
  it("have limited length and contain neither token nor VIN", async () => {
    for (const model of ["X ".repeat(5_000), `EX30 ${vin}`, `EX30 ${anAccessToken}`, `${"x".repeat(53)} ${vin}`]) {
      const answer = () => jsonResponse({ data: { descriptions: { model } } });
      const rig = new ClientRig({ v1: answer, v2: answer });
      rig.redactor.learn(anAccessToken);
      const result = await rig.client.carModel(vin, turnWith());
      const kept = result.ok ? result.value.model : "";
      assert.ok(kept !== "" && kept.length <= 60, kept);
      for (const secret of [vin, anAccessToken]) assert.ok(!kept.includes(secret.slice(0, 6)), kept);
    }
  });

  it("are from Connected Vehicle v2, and a 401 there does not affect the sign-in", async () => {
    const rig = new ClientRig({ v1: () => jsonResponse({}), v2: () => jsonResponse({}, 401) });
    for (const [ask, path] of [
      [() => rig.client.listVehicles(turnWith()), "/connected-vehicle/v2/vehicles"],
      [() => rig.client.carModel(vin, turnWith()), `/connected-vehicle/v2/vehicles/${vin}`],
    ] as const) {
      const result = await ask();
      assert.deepEqual(!result.ok && result.failure, { kind: "tokenRefused" });
      assert.deepEqual(
        rig.edge.sent.splice(0).map((request) => request.path),
        [path],
      );
      assert.deepEqual(rig.edge.authorizer.renewed, []);
    }
  });

  it("are read from their responses", async () => {
    const list = { data: [{ vin }, { vin: vinNumber(2) }] };
    const details = { data: { modelYear: 2025, descriptions: { model: "EX90" } } };
    const rig = new ClientRig({
      v1: () => jsonResponse({}),
      v2: ({ path }) => jsonResponse(path.endsWith("/vehicles") ? list : details),
    });
    assert.deepEqual(await rig.client.listVehicles(turnWith()), { ok: true, value: [vin, vinNumber(2)] });
    assert.deepEqual(await rig.client.carModel(vin, turnWith()), { ok: true, value: { model: "EX90", year: 2025 } });
  });
});
