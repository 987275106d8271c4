import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { EnergyApiVersion } from "../../src/charging/reading";
import { fixture, fixtureNames } from "../support/fixtures";
import { Product, vin } from "./scene";
import { UiSession } from "./session";

/** The content of each captured response: a value in the tree, or only a problem. */
const expected: Readonly<Record<EnergyApiVersion, Readonly<Record<string, string>>>> = {
  v1: {
    "v1-recharge-status.200.connected-ac-2024-12.json": "AC",
    "v1-recharge-status.200.no-data-2023-12.json": "Unknown",
    "v1-recharge-status.200.openhab-2024-10.json": "Unplugged",
    "v1-recharge-status.200.xc40-bev-2024-08.json": "Unknown",
    "v1.401.full-authentication.json": "problem",
    "v1.403.no-relationship.json": "problem",
    "v1.404.car-model-not-supported.json": "problem",
    "v1.404.not-supported-model.json": "problem",
    "v1.500.internal.json": "problem",
  },
  v2: {
    "v2-state.200.ex-charging-2026-08.json": "AC",
    "v2-state.200.phev-charging-2026-04.json": "AC",
    "v2-state.200.xc40-charging-2025-07.json": "AC",
    "v2-state.200.xc60-phev-2025-08.json": "Unplugged",
    "v2.404.vehicle-not-found.json": "problem",
  },
};

/** A server that returns the bytes of one fixture for each car. */
async function fixtureServer(answers: ReadonlyMap<string, string>) {
  const server = http.createServer((request, response) => {
    const car = [...answers.keys()].find((known) => request.url?.includes(`/energy/`) && request.url.includes(known));
    const name = answers.get(car ?? "");
    const { status, body } = name === undefined ? { status: 404, body: "" } : fixture(name);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

for (const version of ["v1", "v2"] as const) {
  describe(`captured responses of Energy API ${version}`, () => {
    const names = Object.keys(expected[version]);
    const cars = new Map(names.map((name, index) => [`${vin.slice(0, -2)}${String(index + 10)}`, name]));
    let server: Awaited<ReturnType<typeof fixtureServer>>;
    let session: UiSession;
    let product: Product;

    before(async () => {
      server = await fixtureServer(cars);
      session = await UiSession.start({
        settings: {
          "volvoCharging.api.baseUrl": server.origin,
          "volvoCharging.apiVersion": version,
          "volvoCharging.vehicles": [...cars].map(([car, name]) => ({ vin: car, name })),
        },
      });
      product = new Product(await session.open());
      await product.openView();
      await product.connectByHand("token-for-captured-answers");
    });

    after(async () => {
      await session.close();
      server.close();
    });

    it("are all covered", () => {
      const captured = fixtureNames.filter((name) => name.startsWith(version) && !name.includes("capabilities"));
      assert.deepEqual(names.toSorted(), captured.toSorted());
    });

    it("are shown as they are, and never as “Unplugged” without saying so", async () => {
      const rows = await product.tree.waitForRows(
        (all) =>
          all.length === names.length &&
          all.every(({ description }) => !/Not checked|Checking|no access token|no API key/.test(description)),
        30_000,
      );
      await session.screenshot(`captures-${version}`);
      for (const [index, name] of names.entries()) {
        const row = rows[index];
        assert.ok(row, name);
        const word = expected[version][name] ?? "";
        if (word === "problem") assert.doesNotMatch(row.description, /AC|DC|Plugged|Unplugged|Fault/, name);
        else assert.equal(row.description.split(" · ")[0], word, name);
        assert.equal((row.ariaLabel + row.description).includes("Unplugged"), word === "Unplugged", name);
      }
    });
  });
}
