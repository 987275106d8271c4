import assert from "node:assert/strict";
import fs from "node:fs";
import { issueUrl } from "../../../src/present/issueUrl";

describe("The address of the project's issue form", () => {
  const url = new URL(
    issueUrl("https://github.com/x/y/issues", {
      Extension: "0.2.0",
      "VS Code": "1.139.0 (Code, desktop)",
      "Operating system": "linux 6 x64",
      Remote: "ssh",
    }),
  );

  it("fills in the versions and nothing else", () => {
    assert.equal(url.origin + url.pathname, "https://github.com/x/y/issues/new");
    assert.deepEqual(Object.fromEntries(url.searchParams), {
      template: "bug.yml",
      versions: "Extension 0.2.0, VS Code 1.139.0 (Code, desktop), Operating system linux 6 x64",
    });
  });

  it("names an existing form and existing fields", () => {
    const form = fs.readFileSync(`.github/ISSUE_TEMPLATE/${url.searchParams.get("template") ?? ""}`, "utf8");
    for (const name of url.searchParams.keys()) {
      if (name !== "template") assert.match(form, new RegExp(`^    id: ${name}$`, "m"));
    }
  });
});
