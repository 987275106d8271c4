import { t } from "@vscode/l10n";
import {
  type CredentialKind,
  hasApiKeyForm,
  hasTokenForm,
  type KnownCredential,
  type OtherText,
  readOtherText,
  readTypedSecret,
} from "../auth/pastedText";
import { compactVin, correctedVin, findVin, hasVolvoMaker, type Vin } from "../charging/vin";
import type { ConfiguredCar } from "../charging/car";

/** The message of a box about its text. */
export interface InputCheck {
  readonly text: string;
  /** The box accepts the text anyway. */
  readonly isHint: boolean;
}

/** The VIN in a typed or pasted text; `undefined` if the box refuses the text. */
export function typedVin(typed: string): Vin | undefined {
  return findVin(typed) ?? correctedVin(typed);
}

/** The message of the box for a VIN about its text; `undefined` if the text is a VIN that can be added. */
export function vinCheck(typed: string, configured: readonly ConfiguredCar[]): InputCheck | undefined {
  const vin = typedVin(typed);
  if (vin !== undefined && configured.some((car) => car.vin === vin))
    return refused(t("You've already added this car."));
  const found = findVin(typed);
  if (found !== undefined) return hasVolvoMaker(found) ? undefined : hint(otherMaker());
  if (vin !== undefined) return hint(t("A VIN has no I, O or Q. Press Enter to use 1 for I and 0 for O and Q."));
  const other = readOtherText(typed);
  if (other === "page" || other === "command" || other === "json") {
    return refused(t("This text contains no VIN, or more than one."));
  }
  if (other !== undefined) return refused(notWanted(other, "vin"));
  const compact = compactVin(typed);
  const wrong = Array.from(compact).filter((character) => !/[A-Z0-9]/i.test(character));
  if (wrong.length === 0) return refused(t("A VIN has 17 characters; this one has {0}.", compact.length));
  return refused(
    t("A VIN has only letters and digits. This one also has: {0}", [...new Set(wrong)].slice(0, 5).join(" ")),
  );
}

function otherMaker(): string {
  return t("VINs of Volvo cars usually begin with YV1, YV4, LYV, LVY or 7J. Check it, or press Enter to use it.");
}

/** The message of the box for a credential about its text; `undefined` if the text raises no doubt. */
export function credentialCheck(
  typed: string,
  wanted: CredentialKind,
  known?: KnownCredential,
): InputCheck | undefined {
  const read = readTypedSecret(typed, wanted, known);
  switch (read.kind) {
    case "usable":
      return unusualForm(read.value, wanted);
    case "notToken":
      return refused(
        t("This isn't an access token. Volvo's tokens are long, start with “eyJ” and contain two periods."),
      );
    case "empty":
      return refused(t("There is no value in this text. Copy the value itself, not only “Bearer” or quotes."));
    case "lineBreak":
      return refused(t("This contains a line break. Copy just the value."));
    case "blank":
      return refused(t("This contains a space. Copy just the value."));
    case "wrongCharacters":
      return refused(t("This contains characters that can't be right. Copy it again."));
    case "other":
      return refused(notWanted(read.what, wanted));
  }
}

function unusualForm(value: string, wanted: CredentialKind): InputCheck | undefined {
  if (wanted === "apiKey" && !hasApiKeyForm(value)) {
    return hint(t("VCC API keys usually have 32 characters, 0–9 and a–f. Check it, or press Enter to use it."));
  }
  if (wanted === "accessToken" && !hasTokenForm(value)) {
    return hint(
      t("Volvo's access tokens start with “eyJ” and contain two periods. Check it, or press Enter to use it."),
    );
  }
  if (wanted === "clientId" && hasApiKeyForm(value)) {
    return hint(t("This looks like a VCC API key. The client ID goes here. Press Enter to use it anyway."));
  }
  return undefined;
}

/** Names the text in a box and the value that the box asks for. */
function notWanted(what: OtherText, wanted: CredentialKind | "vin"): string {
  return `${otherTextSentence(what)} ${wantedSentence(wanted)}`;
}

function wantedSentence(wanted: CredentialKind | "vin"): string {
  switch (wanted) {
    case "apiKey":
      return t("The VCC API key goes here.");
    case "accessToken":
      return t("The access token goes here.");
    case "clientId":
      return t("The client ID goes here.");
    case "clientSecret":
      return t("The client secret goes here.");
    case "vin":
      return t("The VIN goes here.");
  }
}

/** Names the text in a box that asks for another value. */
export function otherTextSentence(what: OtherText): string {
  switch (what) {
    case "apiKey":
      return t("This is the VCC API key.");
    case "accessToken":
      return t("This is an access token.");
    case "clientId":
      return t("This is the client ID.");
    case "clientSecret":
      return t("This is the client secret.");
    case "vin":
      return t("This is a VIN.");
    case "page":
      return t("This is the address of a page.");
    case "command":
      return t("This is a command.");
    case "json":
      return t("This is JSON.");
    case "email":
      return t("This is an email address.");
  }
}

function refused(text: string): InputCheck {
  return { text, isHint: false };
}

function hint(text: string): InputCheck {
  return { text, isHint: true };
}
