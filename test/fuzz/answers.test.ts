import assert from "node:assert/strict";
import fc from "fast-check";
import { readTokenAnswer } from "../../src/auth/tokenAnswer";
import { dayMs } from "../../src/base/clock";
import type { Measured } from "../../src/charging/reading";
import { checkVin } from "../../src/charging/vin";
import { readCarModel, readVehicleList } from "../../src/volvo/connectedVehicle";
import { readEnergyV1 } from "../../src/volvo/energyV1";
import { readEnergyV2 } from "../../src/volvo/energyV2";
import { classifyAnswer, classifyNetworkError, quotaWait, retryAfterMs } from "../../src/volvo/errors";
import type { Result } from "../../src/charging/failure";
import { asNumber, asTime } from "../../src/volvo/json";
import { anyText } from "../support/builders/arbitrary";
import { fixture, fixtureNames } from "../support/fixtures";
import { fuzz } from "../support/fuzzRuns";
import { mutated, mutatedText } from "../support/mutated";

const now = Date.UTC(2026, 10, 23, 8);
const bodies = fixtureNames.map((name) => fixture(name).body);
const answers = bodies.flatMap((body): unknown[] => {
  try {
    return [JSON.parse(body) as unknown];
  } catch {
    return [];
  }
});

function eitherWay<T>(result: Result<T>, check: (value: T) => void): void {
  if (result.ok) check(result.value);
  else assert.equal(typeof result.failure.kind, "string");
}

describe("an arbitrary response of Volvo", () => {
  for (const [name, parse] of [
    ["Energy v1", readEnergyV1],
    ["Energy v2", readEnergyV2],
  ] as const) {
    it(`is a reading or a failure, and unplugged only if the response says so: ${name}`, () => {
      fuzz(mutated(answers), (body) => {
        eitherWay(parse(body, now), ({ connection, details }) => {
          if (connection.value.kind === "disconnected") assert.match(JSON.stringify(body), /DISCONNECTED/);
          for (const value of Object.values(details) as readonly Measured<unknown>[]) {
            assert.ok(value.measuredAt === undefined || Number.isFinite(value.measuredAt));
            assert.ok(typeof value.value !== "number" || Number.isFinite(value.value));
          }
        });
      });
    });
  }

  it("is a list of valid VINs, a model or a failure: Connected Vehicle", () => {
    fuzz(mutated(answers), (body) => {
      eitherWay(readVehicleList(body), (vins) => {
        for (const vin of vins) assert.equal(checkVin(vin).kind, "valid");
      });
      eitherWay(readCarModel(body), ({ model, year }) => {
        assert.equal(typeof model, "string");
        assert.ok(year === undefined || Number.isFinite(year));
      });
    });
  });

  it("is tokens with a finite lifetime, or nothing: Volvo ID", () => {
    fuzz(fc.oneof(mutatedText(answers), anyText(200)), (text) => {
      const tokens = readTokenAnswer(text);
      if (tokens) assert.ok(Number.isFinite(tokens.lifetimeMs) && tokens.lifetimeMs >= 0, String(tokens.lifetimeMs));
    });
  });

  it("with any status and header is one kind of failure, without a negative or endless wait", () => {
    const header = fc.option(
      fc.oneof(
        anyText(),
        fc.integer().map(String),
        fc.date().map((date) => String(date)),
      ),
    );
    const texts = fc.oneof(mutatedText(answers), fc.constantFrom(...bodies), anyText(200));
    fuzz(fc.tuple(fc.integer({ min: 100, max: 999 }), texts, header), ([status, body, retryAfter]) => {
      const failure = classifyAnswer({ status, body, retryAfter }, now);
      if ("waitMs" in failure && failure.waitMs !== undefined) {
        assert.ok(failure.waitMs >= 0 && Number.isFinite(failure.waitMs), String(failure.waitMs));
      }
      for (const wait of [quotaWait(body), retryAfterMs(retryAfter, now)]) {
        assert.ok(wait === undefined || (wait >= 0 && Number.isFinite(wait)), String(wait));
      }
    });
  });

  it("contains finite times and numbers, or none", () => {
    const time = fc
      .tuple(fc.date({ noInvalidDate: true }), anyText(4), fc.constantFrom("", "Z", "+0200", "-23:59", "z", "+99:99"))
      .map(([date, text, zone]) => date.toISOString().replace("Z", text + zone));
    fuzz(fc.oneof(time, anyText(), fc.anything()), (value) => {
      const at = asTime(value);
      assert.ok(at === undefined || (Number.isFinite(at) && Math.abs(at) < 1e8 * dayMs));
      const number = asNumber(value);
      assert.ok(number === undefined || Number.isFinite(number));
    });
  });

  it("can be missing: any error is offline, a timeout or unreadable", () => {
    fuzz(fc.anything(), (thrown) => {
      const error = new TypeError("fetch failed", { cause: thrown });
      for (const candidate of [error, thrown]) assert.equal(typeof classifyNetworkError(candidate).kind, "string");
    });
  });
});
