import assert from "node:assert/strict";
import { mergeReading, type Reading } from "../../../src/charging/reading";
import { connectedVehicle, readCarModel, readVehicleList } from "../../../src/volvo/connectedVehicle";
import { energyV1, readEnergyV1 } from "../../../src/volvo/energyV1";
import { energyV2, readEnergyV2 } from "../../../src/volvo/energyV2";
import type { Result } from "../../../src/charging/failure";
import { vinNumber } from "../../support/builders/builders";
import { TransportRig } from "../../support/builders/transport";
import { type Fixture, fixture, fixtureFiles, fixtureNames } from "../../support/fixtures";
import { failures, lists, models, readings } from "./fixtureExpectations";
import { turnWith } from "../../support/turn";

type Way = "v1" | "v2" | "carList" | "carModel";

const vin = vinNumber(1);

/** The path, the media type and the parser of each of the four requests the product makes. */
const ways: Readonly<Record<Way, readonly [string, string, (body: unknown, now: number) => Result<unknown>]>> = {
  v1: [energyV1.path(vin), energyV1.accept, readEnergyV1],
  v2: [energyV2.path(vin), energyV2.accept, readEnergyV2],
  carList: [connectedVehicle.listPath, connectedVehicle.accept, readVehicleList],
  carModel: [connectedVehicle.detailsPath(vin), connectedVehicle.accept, readCarModel],
};

/** The product's result for the response, through the transport and the parser of `way`. */
async function through(way: Way, { status, body }: Fixture): Promise<Result<unknown>> {
  const rig = new TransportRig(() => new Response(body, { status }));
  const [path, accept, parse] = ways[way];
  const answer = await rig.transport.get(path, accept, turnWith());
  return answer.ok ? parse(answer.value, rig.clock.now()) : answer;
}

async function failureOf(way: Way, name: string): Promise<unknown> {
  const result = await through(way, fixture(name));
  return result.ok ? result : result.failure;
}

describe("a captured response", () => {
  for (const [name, { way, ...expected }] of Object.entries(readings)) {
    it(`${name} over Energy ${way} gives the reading in the table`, async () => {
      const result = await through(way, fixture(name));
      assert.ok(result.ok);
      const { connection, details, servedBy, fetchedAt } = mergeReading(undefined, result.value as Reading);
      assert.deepEqual({ connection, details }, expected);
      assert.deepEqual([servedBy, fetchedAt], [way, new TransportRig(() => new Response()).clock.now()]);
    });
  }

  for (const [name, expected] of Object.entries(failures)) {
    for (const [way, failure] of Object.entries(expected) as [Way, unknown][]) {
      it(`${name} over ${way} gives the failure in the table`, async () => {
        assert.deepEqual(await failureOf(way, name), failure);
      });
    }
  }

  for (const [name, vins] of Object.entries(lists)) {
    it(`${name} gives the cars of the account`, async () => {
      assert.deepEqual(await through("carList", fixture(name)), { ok: true, value: vins });
    });
  }

  for (const [name, model] of Object.entries(models)) {
    it(`${name} gives the model name`, async () => {
      assert.deepEqual(await through("carModel", fixture(name)), { ok: true, value: model });
    });
  }

  it("is never unplugged through any parser unless it says so", async () => {
    const saying: string[] = [];
    for (const name of fixtureNames) {
      for (const way of Object.keys(ways) as Way[]) {
        const result = await through(way, fixture(name));
        if (result.ok && JSON.stringify(result.value).includes('"disconnected"')) saying.push(`${name} ${way}`);
      }
    }
    assert.deepEqual(saying, [
      "v1-recharge-status.200.openhab-2024-10.json v1",
      "v2-state.200.xc60-phev-2025-08.json v2",
    ]);
  });
});

describe("the fixtures", () => {
  it("are all in the table", () => {
    const inTable = [readings, failures, lists, models].flatMap((table) => Object.keys(table));
    assert.deepEqual([...new Set(inTable)].sort(), [...fixtureNames].sort());
  });

  it("are the files of the folder, each with a public source", () => {
    assert.deepEqual([...fixtureFiles()].sort(), [...fixtureNames].sort());
    for (const name of fixtureNames) {
      assert.match(fixture(name).source, /^[\w.-]+\/[\w.-]+(#\d+| [\w./-]+)(, [\w.-]+\/[\w.-]+#\d+)*$/, name);
    }
  });

  it("keep numbers as they were written", () => {
    assert.match(fixture("v2-state.200.ex-charging-2026-08.json").body, /"value": 320\.0,/);
    assert.match(fixture("v2-state.200.ex-charging-2026-08.json").body, /"value": 88\.0,/);
  });

  it("contain only made-up VINs, and no email address or token", () => {
    for (const name of fixtureNames) {
      const { body } = fixture(name);
      const vins = body.match(/\b(?=[A-Z0-9]*\d)[A-Z0-9]{17}\b/g) ?? [];
      for (const found of vins) {
        assert.ok(["YV1ABCDEFG7654321", "YV4952NA7F340DEMO", "LPSEFAVS5NPOLDEMO"].includes(found), found);
      }
      assert.doesNotMatch(body, /@|eyJ/);
    }
  });
});
