import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { minuteMs } from "../../src/base/clock";
import { notFound, notSupported } from "../../src/simulator/energyState";
import { plugStates } from "../../src/simulator/plugState";
import {
  capabilities,
  carDetails,
  carList,
  SimulatorWorld,
  strangersVin,
  v1Connection,
  v1Status,
  v2State,
  vin,
} from "./simulatorWorld";

const schemaFolder = join(__dirname, "../../../test/contract/schemas");

const ajv = new Ajv({ allErrors: true });
addFormats(ajv);

/** Describes every violation of the schema in `schemas/<name>.json`; empty if `body` conforms. */
function violations(name: string, body: unknown): string {
  const file = `${name}.json`;
  const validate =
    ajv.getSchema(file) ?? ajv.compile(JSON.parse(readFileSync(join(schemaFolder, file), "utf8")) as object);
  return validate(body) === true ? "" : ajv.errorsText(validate.errors);
}

function assertConforms(name: string, body: unknown): void {
  assert.equal(violations(name, body), "", `${name}: ${JSON.stringify(body)}`);
}

describe("The simulated Volvo conforms to the schemas", () => {
  let world: SimulatorWorld;

  beforeEach(async () => {
    world = await SimulatorWorld.start();
  });

  afterEach(() => world.close());

  for (const state of plugStates) {
    it(`in all four Energy responses for a car that is ${state}`, async () => {
      for (const batteryLevel of [0, 57, 80, 100]) {
        world.volvo.car(vin).set({ state, batteryLevel, measuredAtMs: world.clock.now() - 7 * minuteMs });
        assertConforms("energy-v1-connection", await world.getJson(v1Connection));
        assertConforms("energy-v1-recharge-status", await world.getJson(v1Status));
        assertConforms("energy-v2-state", await world.getJson(v2State));
        assertConforms("energy-v2-capabilities", await world.getJson(capabilities));
      }
    });
  }

  it("in the Energy responses with values, for a car that charges between the requests", async () => {
    world.volvo.car(vin).set({ state: "dc", batteryLevel: 77, live: true });
    for (let minute = 0; minute < 5; minute += 1) {
      assertConforms("energy-v1-connection", await world.getJson(v1Connection));
      assertConforms("energy-v1-recharge-status", await world.getJson(v1Status));
      assertConforms("energy-v2-state", await world.getJson(v2State));
      await world.clock.advance(minuteMs);
    }
  });

  it("in the Energy v2 state and capabilities for members that are errors", async () => {
    world.volvo.car(vin).setMember("chargerConnectionStatus", notSupported);
    world.volvo.car(vin).setMember("chargingType", notFound);
    world.volvo.car(vin).setMember("chargingStatus", { status: "ERROR", code: "NOT_SUPPORTED" });
    assertConforms("energy-v2-state", await world.getJson(v2State));
    assertConforms("energy-v2-capabilities", await world.getJson(capabilities));
  });

  it("unless a fault changes the response", async () => {
    const faultyResponses = [
      ["empty-data", "energy-v1-connection", v1Connection],
      ["null-value", "energy-v1-connection", v1Connection],
      ["time-invalid", "energy-v1-recharge-status", v1Status],
      ["numbers-in-the-other-form", "energy-v1-recharge-status", v1Status],
      ["connection-missing", "energy-v2-state", v2State],
      ["numbers-in-the-other-form", "energy-v2-state", v2State],
      ["time-empty", "energy-v2-state", v2State],
      ["unknown-connection-word", "energy-v2-state", v2State],
      ["capabilities-newer-status-name", "energy-v2-capabilities", capabilities],
      ["car-list-without-wrapper", "vehicle-list", carList],
      ["car-details-without-model", "vehicle-details", carDetails],
    ] as const;
    for (const [fault, schema, path] of faultyResponses) {
      world.volvo.faults.inject({ name: fault, times: 1 });
      assert.notEqual(violations(schema, await world.getJson(path)), "", fault);
    }
  });

  it("in Connected Vehicle responses", async () => {
    assertConforms("vehicle-list", await world.getJson(carList));
    assertConforms("vehicle-details", await world.getJson(carDetails));
  });

  it("in the errors of each API", async () => {
    const refusals: readonly Readonly<Record<string, string | null>>[] = [
      { authorization: null },
      { authorization: `Bearer ${world.volvo.issueTestToken({ scopes: [] }).value}` },
      { accept: "text/html" },
    ];
    for (const changes of refusals) {
      assertConforms("error-energy-v1", await world.getJson(v1Connection, changes));
      assertConforms("error-energy-v2-unwrapped", await world.getJson(v2State, changes));
      assertConforms("error-connected-vehicle", await world.getJson(carDetails, changes));
    }
    for (const car of [strangersVin, "YV1S1MEX30A999999", "short"]) {
      assertConforms("error-energy-v1", await world.getJson(v1Connection.replace(vin, car)));
      assertConforms("error-energy-v2-unwrapped", await world.getJson(v2State.replace(vin, car)));
      assertConforms("error-connected-vehicle", await world.getJson(carDetails.replace(vin, car)));
    }
    for (const name of ["server-error", "gateway-timeout", "resource-forbidden", "market-refused"] as const) {
      world.volvo.faults.inject({ name, times: 3 });
      assertConforms("error-energy-v1", await world.getJson(v1Connection));
      assertConforms("error-energy-v2-unwrapped", await world.getJson(v2State));
      assertConforms("error-connected-vehicle", await world.getJson(carDetails));
    }
  });

  it("in Energy v2 errors in the specified form", async () => {
    const specified = await SimulatorWorld.start({ energyV2Errors: "as-specified" });
    try {
      assertConforms("error-energy-v2", await specified.getJson(v2State, { authorization: null }));
      assertConforms("error-energy-v2", await specified.getJson(v2State.replace(vin, strangersVin)));
    } finally {
      await specified.close();
    }
  });

  it("in the gateway's errors", async () => {
    assertConforms("error-gateway", await world.getJson("/nowhere"));
    assertConforms("error-gateway-key", await world.getJson(v2State, { "vcc-api-key": "wrong" }));
    world.volvo.gateway.limits = { perDay: 0 };
    assertConforms("error-gateway", await world.getJson(v2State));
  });

  it("in Volvo ID responses", async () => {
    assertConforms("token", await (await world.exchange(await world.code())).json());
    const { refresh_token } = world.volvo.volvoId.signIn();
    assertConforms("token", await (await world.refresh(refresh_token)).json());
    // The line above has rotated the token.
    assertConforms("error-oauth", await (await world.refresh(refresh_token)).json());
    assertConforms("error-oauth", await (await world.post("/as/token.oauth2", { grant_type: "password" })).json());
    assertConforms("error-oauth", await (await world.exchange("unknown")).json());
  });
});
