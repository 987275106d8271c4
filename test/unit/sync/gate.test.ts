import assert from "node:assert/strict";
import { gatedAuthorizer } from "../../../src/sync/gate";
import { NotPermittedError } from "../../../src/sync/permission";
import { createTransport } from "../../../src/volvo/transport";
import { RecordingLog } from "../../support/builders";
import { anApiKey, apiOrigin, FakeAuthorizer, jsonResponse, neverAborted } from "../../support/buildersTransport";
import { FakeClock } from "../../support/fakeClock";

describe("The gate before Volvo", () => {
  let authorizer: FakeAuthorizer;
  let permitted: number;
  let mostPermitted: number;
  let sent: number;

  beforeEach(() => {
    authorizer = new FakeAuthorizer(apiOrigin);
    permitted = 0;
    mostPermitted = Infinity;
    sent = 0;
  });

  const permit = (): Promise<void> =>
    permitted >= mostPermitted
      ? Promise.reject(new NotPermittedError("budgetSpent"))
      : Promise.resolve(void permitted++);
  const get = (status: number) =>
    createTransport({
      fetch: () => {
        sent++;
        return Promise.resolve(jsonResponse({}, status));
      },
      clock: new FakeClock(),
      log: new RecordingLog(),
      authorizer: gatedAuthorizer(authorizer, permit),
      baseUrl: () => apiOrigin,
    }).get("/a", "application/json", neverAborted);

  it("is passed by each request, the repeat after a renewal included", async () => {
    authorizer.renewal = { apiKey: anApiKey, accessToken: "another", origin: apiOrigin };
    await get(401);
    assert.deepEqual([sent, permitted], [2, 2]);
  });

  it("is not asked while there are no credentials", async () => {
    authorizer.answer = { kind: "apiKeyMissing" };
    await get(200);
    assert.deepEqual([sent, permitted], [0, 0]);
  });

  it("stops the first request as well as a repeat", async () => {
    authorizer.renewal = { apiKey: anApiKey, accessToken: "another", origin: apiOrigin };
    for (mostPermitted of [0, 1]) {
      [sent, permitted] = [0, 0];
      await assert.rejects(get(401), NotPermittedError);
      assert.equal(sent, mostPermitted);
    }
  });
});
