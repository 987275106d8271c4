import assert from "node:assert/strict";
import { hourMs, minuteMs } from "../../src/base/clock";
import { ProductWorld } from "../support/productWorld";

const vin = "YV1S1MEX30A000001";

/** A product whose application has no Energy v2, as it has found out. */
class World extends ProductWorld {
  static async withoutV2(): Promise<World> {
    const cars = [{ vin, model: "EX30", modelYear: 2025 }];
    const world = new World({ cars, availability: { "energy-v2": "off" }, settings: { vehicles: [vin] } });
    world.core.start();
    assert.deepEqual(await world.asked(), ["v2", "v1"]);
    assert.deepEqual(await world.asked(), ["v1"]);
    return world;
  }

  /** The versions that the next check asks, in order. */
  async asked(): Promise<readonly string[]> {
    const { requests } = this.auth.volvo;
    const before = requests.all.length;
    for (let minute = 0; minute < 60 && requests.all.length === before; minute++) {
      await this.auth.clock.advance(minuteMs);
    }
    const kinds = requests.all.slice(before).map(({ kind }) => kind);
    return kinds.flatMap((kind) => (kind === "energy-v1" ? ["v1"] : kind === "energy-v2" ? ["v2"] : []));
  }
}

describe("What was found out about the versions of the API", () => {
  let world: World;

  beforeEach(async () => (world = await World.withoutV2()));
  afterEach(() => world.core.dispose());

  it("is found out anew where another version was set in between", async () => {
    world.change({ apiVersion: "v1" });
    assert.deepEqual(await world.asked(), ["v1"]);
    world.change({ apiVersion: "auto" });
    assert.deepEqual(await world.asked(), ["v2", "v1"]);
    assert.deepEqual(await world.asked(), ["v1"]);
  });

  it("is found out anew where another address was set in between", async () => {
    world.change({ "api.baseUrl": "https://elsewhere.example" });
    await world.auth.clock.advance(hourMs);
    world.change({ "api.baseUrl": undefined });
    assert.deepEqual(await world.asked(), ["v2", "v1"]);
  });

  it("stays where other settings change", async () => {
    world.change({ refreshInterval: 600, "statusBar.text": "{soc}" });
    assert.deepEqual(await world.asked(), ["v1"]);
  });
});
