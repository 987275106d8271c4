import { dayMs, hourMs } from "../../base/clock";
import { isJsonObject, withJson } from "./alteration";
import { withEnergy } from "./energyAlteration";
import { wireTime } from "../energyState";
import { energyKinds, type Fault, type FaultContext } from "./fault";
import type { SimulatedAnswer } from "../http";

interface Words {
  readonly connection?: string;
  readonly charging?: string;
  readonly type?: string;
  readonly power?: string;
  /** Connection word of v1 after `CONNECTION_STATUS_`, if it differs from that of v2. */
  readonly connectionV1?: string;
}

/** The answer with these words, all measured `ageMs` ago. */
function withWords(context: FaultContext, words: Words, ageMs = 0): SimulatedAnswer | undefined {
  const at = context.nowMs - ageMs;
  return withEnergy(context, (body) => {
    const { connection, connectionV1 = connection, charging, type, power } = words;
    const word = body.version === 1 ? connectionV1 && `CONNECTION_STATUS_${connectionV1}` : connection;
    if (word) body.setWord(body.connectionName, word, at);
    if (charging && body.version === 1) body.setWord("chargingSystemStatus", `CHARGING_SYSTEM_${charging}`, at);
    if (charging && body.version === 2) body.setWord("chargingStatus", charging, at);
    if (type) body.setWord("chargingType", type, at);
    if (power) body.setWord("chargerPowerStatus", power, at);
  });
}

/** Values and words that are malformed, contradictory, new or missing. All answers are 200. */
export const valueFaults = {
  "null-unit": {
    row: 28,
    description: "An explicit null for every unit",
    source: "home-assistant/core#179741",
    kinds: energyKinds,
    answer: (context) => withEnergy(context, ({ measured }) => measured.forEach((member) => (member["unit"] = null))),
  },
  "null-value": {
    row: 28,
    description: "An explicit null for every value",
    source: "home-assistant/core#179668",
    kinds: energyKinds,
    answer: (context) => withEnergy(context, ({ measured }) => measured.forEach((member) => (member["value"] = null))),
  },
  "null-connection": {
    row: 28,
    description: "An explicit null for the connection",
    source: "",
    kinds: energyKinds,
    answer: (context) => withEnergy(context, ({ members, connectionName }) => void (members[connectionName] = null)),
  },
  "null-members": {
    row: 28,
    description: "An explicit null for every member",
    source: "",
    kinds: [...energyKinds, "car-details"],
    answer: (context) =>
      withJson(context, (body) => {
        const members = isJsonObject(body["data"]) ? body["data"] : body;
        for (const name of Object.keys(members)) if (name !== "vin") members[name] = null;
      }),
  },
  "connection-missing": {
    row: 41,
    description: "No connection in the answer",
    source: "",
    kinds: energyKinds,
    answer: (context) =>
      withEnergy(context, ({ members, connectionName }) => void Reflect.deleteProperty(members, connectionName)),
  },
  "unspecified-while-charging": {
    row: 36,
    description: "The car charges but reports its connection as UNSPECIFIED",
    source: "Dielee/volvo2mqtt#161",
    kinds: energyKinds,
    answer: (context) => withWords(context, { connection: "UNSPECIFIED", charging: "CHARGING" }),
  },
  "plug-half-in": {
    row: 37,
    description: "FAULT, as with a half-inserted plug",
    source: "Dielee/volvo2mqtt#57",
    kinds: energyKinds,
    answer: (context) => withWords(context, { connection: "FAULT", charging: "IDLE" }),
  },
  "connected-without-power": {
    row: 38,
    description: "CONNECTED, idle and without power, nine hours old",
    source: "evcc-io/evcc#22896",
    kinds: ["energy-v2"],
    answer: (context) =>
      withWords(
        context,
        { connection: "CONNECTED", charging: "IDLE", type: "NONE", power: "NO_POWER_AVAILABLE" },
        9 * hourMs,
      ),
  },
  "power-fault-while-plugged": {
    row: 39,
    description: "FAULT for the charger's power on a healthy car that has finished charging",
    source: "home-assistant/core#150205",
    kinds: ["energy-v2"],
    answer: (context) => withWords(context, { connection: "CONNECTED", charging: "DONE", type: "AC", power: "FAULT" }),
  },
  "unknown-connection-word": {
    row: 40,
    description: "An unknown connection word",
    source: "home-assistant/core#150228",
    kinds: energyKinds,
    answer: (context) => withWords(context, { connection: "CONNECTED_WIRELESS" }),
  },
  "unknown-charging-words": {
    row: 40,
    description: "New words for charging, type and power with a good connection",
    source: "home-assistant/core#169414",
    kinds: ["energy-v2"],
    answer: (context) => withWords(context, { charging: "CALIBRATING", type: "WIRELESS", power: "REDUCED" }),
  },
  "connected-type-none": {
    row: 41,
    description: "CONNECTED with no charger type, a state that v1 cannot express",
    source: "",
    kinds: energyKinds,
    answer: (context) => withWords(context, { connection: "CONNECTED", connectionV1: "UNSPECIFIED", type: "NONE" }),
  },
  "unplugged-but-charging": {
    row: 36,
    description: "DISCONNECTED while the charging status says CHARGING",
    source: "",
    kinds: energyKinds,
    answer: (context) => withWords(context, { connection: "DISCONNECTED", charging: "CHARGING" }),
  },
  "charging-type-outdated": {
    row: 46,
    description: "Plugged in now, with the charger type DC from yesterday",
    source: "home-assistant/core#179741",
    kinds: ["energy-v2"],
    answer: (context) =>
      withEnergy(context, (body) => {
        body.setWord("chargerConnectionStatus", "CONNECTED", context.nowMs);
        body.setWord("chargingType", "DC", context.nowMs - dayMs);
        body.setWord("chargingStatus", "IDLE", context.nowMs);
      }),
  },
  "disconnected-for-a-year": {
    row: 47,
    description: "DISCONNECTED, measured a year ago",
    source: "",
    kinds: energyKinds,
    answer: (context) =>
      withEnergy(context, ({ connection, version, timeName }) => {
        if (!connection) return;
        connection["value"] = version === 1 ? "CONNECTION_STATUS_DISCONNECTED" : "DISCONNECTED";
        connection[timeName] = wireTime(context.nowMs - 365 * dayMs);
      }),
  },
} as const satisfies Record<string, Fault>;
