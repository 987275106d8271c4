import { t } from "@vscode/l10n";
import type { Connection, UnknownReason } from "../charging/connection";
import { colorIds, iconIds } from "../contributions";
import { plainLine } from "./plainText";

/** An icon by its VS Code id, with a theme color. */
export interface Icon {
  readonly id: string;
  readonly color?: string;
}

/** One word, for narrow places. */
export function connectionWord(connection: Connection): string {
  switch (connection.kind) {
    case "connectedAc":
      return t("AC");
    case "connectedDc":
      return t("DC");
    case "connected":
      return t("Plugged in");
    case "disconnected":
      return t("Unplugged");
    case "fault":
      return t("Fault");
    case "unknown":
      return t("Unknown");
  }
}

/** A full sentence, with the reason for an unknown connection. */
export function connectionSentence(connection: Connection): string {
  switch (connection.kind) {
    case "connectedAc":
      return t("Connected to an AC charger");
    case "connectedDc":
      return t("Connected to a DC charger");
    case "connected":
      return connection.charger === undefined
        ? t("Connected, charger type not reported")
        : t("Connected, charger type unknown ({0})", plainLine(connection.charger, 40));
    case "disconnected":
      return t("Not connected to a charger");
    case "fault":
      return t("Fault with the charging connection");
    case "unknown":
      return unknownSentence(connection.reason);
  }
}

function unknownSentence(reason: UnknownReason): string {
  switch (reason.kind) {
    case "notReported":
      return t("Unknown: the car doesn't report it");
    case "notSupported":
      return t("Unknown: not supported by this car");
    case "noValue":
      return t("Unknown: Volvo has no value at the moment");
    case "unrecognized":
      return t("Unknown: this version doesn't recognize the value {0}", plainLine(reason.raw, 40));
  }
}

/** One word, or a few words with the reason for an unknown connection. */
export function connectionWords(connection: Connection): string {
  if (connection.kind !== "unknown") return connectionWord(connection);
  switch (connection.reason.kind) {
    case "notReported":
      return t("Unknown: not reported");
    case "notSupported":
      return t("Unknown: not supported");
    case "noValue":
      return t("Unknown: no value");
    case "unrecognized":
      return t("Unknown ({0})", plainLine(connection.reason.raw, 20));
  }
}

export function connectionIcon(connection: Connection): Icon {
  return { id: iconIds[connection.kind], color: colorIds[connection.kind] };
}
