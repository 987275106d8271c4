import assert from "node:assert/strict";
import { commandId, commandNames, internalCommands } from "../../../src/contributions";
import { needsUser } from "../../../src/present/need";
import { problemText } from "../../../src/present/problemText";
import { now } from "./viewStates";
import { everyProblem } from "./scenes";

const commands: readonly string[] = [...commandNames.map(commandId), internalCommands.reloadWindow];

describe("Each problem", () => {
  for (const problem of everyProblem) {
    it(`has one sentence, a short word and at most one existing action: ${Object.values(problem).join(" ")}`, () => {
      const { sentence, word, action } = problemText(problem, now, { language: "en", timeZone: "UTC" });
      assert.match(sentence, /^\p{Lu}.*\.$/u);
      assert.ok(word.split(" ").length <= 3);
      if (action) assert.ok(commands.includes(action.command), action.command);
    });
  }

  it("with a spent quota shows its end, with the date if it is not today's", () => {
    const locale = { language: "en", timeZone: "UTC" };
    const today = problemText({ kind: "quotaSpent", until: now + 3_600_000 }, now, locale);
    assert.equal(today.sentence, "The daily call quota is used up until 9:40 AM.");
    const tomorrow = problemText({ kind: "quotaSpent", until: now + 86_400_000 }, now, locale);
    assert.equal(tomorrow.sentence, "The daily call quota is used up until Nov 24, 8:40 AM.");
  });

  it("needs the user if it cannot resolve itself", () => {
    assert.deepEqual(
      [...new Set(everyProblem.filter(needsUser).map(({ kind }) => kind))],
      [
        "outdatedWindow",
        "apiKeyMissing",
        "credentialsMissing",
        "apiKeyRejected",
        "tokenEnded",
        "signInEnded",
        "signedInElsewhere",
        "secretsUnavailable",
        "clientBlocked",
        "clientRefused",
        "misconfigured",
      ],
    );
  });

  it("promises another attempt only with its time", () => {
    for (const problem of everyProblem) {
      const { sentence } = problemText(problem, now, { language: "en", timeZone: "UTC" });
      assert.doesNotMatch(sentence, /again/, sentence);
    }
  });
});
