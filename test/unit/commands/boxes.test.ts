import assert from "node:assert/strict";
import { editor, type StandInBox } from "../../support/product/standInEditor";
import type { Offer } from "../../../src/auth/signInAttempt";
import type { PasteBox } from "../../../src/auth/signInFlow";
import { showPasteBox } from "../../../src/commands/signInPasteBox";
import { askSteps } from "../../../src/commands/steps";
import { settle } from "../../support/fakeClock";

const never = new Promise<never>(() => undefined);

function onlyBox(): StandInBox {
  const [box, ...others] = editor.boxes;
  assert.ok(box);
  assert.equal(others.length, 0);
  return box;
}

/** The texts of the messages, which follow that of the box. */
function messages(): readonly string[] {
  return editor.texts.slice(1);
}

describe("The box for pasting Volvo ID's answer", () => {
  let cancelled = false;
  let isReentered = false;

  beforeEach(() => {
    editor.begin();
    editor.answer = () => never;
    cancelled = false;
    isReentered = false;
  });

  function open(changes: Partial<PasteBox> = {}) {
    const cancel = () => void (cancelled = true);
    return showPasteBox({
      url: "https://page",
      redirectUri: "http://localhost:17455/callback",
      wayBack: { kind: "listening" },
      offer: () => "taken",
      reenterClient: () => void (isReentered = true),
      cancel,
      ...changes,
    });
  }

  it("reports the error in pasted text and stays open", () => {
    const said: Readonly<Record<Offer, RegExp | undefined>> = {
      taken: undefined,
      over: undefined,
      wrongState: /belongs to another sign-in attempt/,
      signInPage: /the sign-in page.*Register http:\/\/localhost:17455\/callback.*Re-enter the client ID/,
      apiKey: /^This is the VCC API key/,
      accessToken: /^This is an access token/,
      clientId: /^This is the client ID/,
      clientSecret: /^This is the client secret/,
      vin: /^This is a VIN/,
      email: /^This is an email address/,
      command: /^This is a command/,
      json: /^This is JSON/,
      page: /This doesn't contain a response from Volvo ID/,
      noAnswer: /This doesn't contain a response from Volvo ID/,
    };
    for (const [offer, text] of Object.entries(said) as [Offer, RegExp | undefined][]) {
      const box = open({ offer: () => offer });
      onlyBox().accept("pasted");
      if (text) assert.match(onlyBox().said ?? "", text);
      else assert.equal(onlyBox().said, undefined);
      box.dispose();
    }
    assert.equal(cancelled, false);
  });

  it("explains how the answer returns to VS Code", () => {
    for (const [wayBack, text] of [
      [{ kind: "listening" }, /If nothing happens here afterward/],
      [{ kind: "elsewhere" }, /then paste the address of the last page/],
      [{ kind: "portTaken", port: 17455 }, /Another program is using port 17455/],
      [{ kind: "cannotListen", port: 80 }, /Port 80 can't be used/],
    ] as const) {
      const box = open({ wayBack });
      assert.match(onlyBox().prompt, text);
      box.dispose();
    }
  });

  it("offers to re-enter a client ID that the page refuses, without canceling the sign-in", async () => {
    open();
    assert.match(onlyBox().prompt, /client ID is invalid\? Re-enter the client ID\.$/);
    assert.equal(isReentered, false);
    onlyBox().press("Re-enter Client ID");
    await settle();
    assert.deepEqual([isReentered, cancelled], [true, false]);
  });

  it("cancels the attempt when the user closes it, but not after the attempt is over", async () => {
    editor.answer = () => undefined;
    open().dispose();
    await settle();
    assert.equal(cancelled, false);
    open();
    await settle();
    assert.equal(cancelled, true);
  });

  it("reopens the page on request, and shows a message if there is no browser", async () => {
    open();
    onlyBox().press("Open Page Again");
    await settle();
    assert.deepEqual([editor.opened, messages()], [["https://page"], []]);
    editor.open = () => Promise.reject(new Error("no browser"));
    onlyBox().press("Open Page Again");
    await settle();
    assert.deepEqual(messages(), ["The browser couldn't be opened."]);
  });
});

for (const step of ["apiKey", "clientId", "clientSecret"] as const) {
  describe(`The box for ${step}`, () => {
    it("opens the portal, and shows a message if there is no browser", async () => {
      editor.begin();
      editor.answer = () => never;
      editor.open = () => Promise.reject(new Error("no browser"));
      void askSteps([step], { title: "" });
      onlyBox().press("Open Volvo's Developer Portal");
      await settle();
      assert.match(editor.opened.join(), /^https:\/\/developer\.volvocars\.com\/[^,]*$/);
      assert.deepEqual(messages(), ["The browser couldn't be opened."]);
    });
  });
}
