import { type Automation, type AutomationEvent, automationEvents } from "../charging/automation";
import type { ConfiguredCar } from "../charging/car";
import { textHash } from "../charging/carKey";
import { commandId, section } from "../contributions";

/** Further automations are ignored. */
export const mostAutomations = 20;

/** Size limit for the arguments of one automation (bytes of JSON in UTF-8). */
export const mostArgumentBytes = 4096;

/** Length limit for the name of an automation and of its vehicle (UTF-16 units). */
const longestName = 60;

/** The only commands of this extension that an automation can run. All others need a user's action. */
export const allowedOwnCommands: readonly string[] = [
  commandId("refresh"),
  `${section}.showHistory`,
  commandId("showLog"),
];

/** Why an entry of the setting `automations` is left out. */
export type AutomationFault =
  | { readonly kind: "tooMany" }
  | { readonly kind: "notAnObject"; readonly entry: number }
  | { readonly kind: "unknownMember"; readonly entry: number; readonly member: string }
  | {
      readonly kind:
        | "event"
        | "command"
        | "ownCommand"
        | "folderMissing"
        | "folder"
        | "args"
        | "level"
        | "direction"
        | "vehicle"
        | "name";
      readonly entry: number;
    };

export interface ParsedAutomations {
  readonly automations: readonly Automation[];
  readonly faults: readonly AutomationFault[];
}

const members = ["on", "level", "direction", "vehicle", "command", "args", "folder", "name"];

/** The workspace defines its tasks, so an automation that runs one must name the workspace folder. */
const taskCommands = "workbench.action.tasks.";
const absolute = /^(?:\/|[a-z]:[\\/]|\\\\|[a-z][a-z0-9+.-]+:\/\/)/i;
const idShape = /^[0-9a-f]{16}$/;

/** Parses the setting. Never throws. Leaves out only the faulty entries. */
export function parseAutomations(entries: readonly unknown[], vehicles: readonly ConfiguredCar[]): ParsedAutomations {
  const faults: AutomationFault[] = entries.length > mostAutomations ? [{ kind: "tooMany" }] : [];
  const names = new Set(vehicles.flatMap(({ name }) => (name === undefined ? [] : [name.trim().toLowerCase()])));
  const automations = entries.slice(0, mostAutomations).flatMap((entry, index): readonly Automation[] => {
    const parsed = parseEntry(entry, index + 1, names);
    if (!("kind" in parsed)) return [parsed];
    faults.push(parsed);
    return [];
  });
  return { automations, faults };
}

function parseEntry(raw: unknown, entry: number, names: ReadonlySet<string>): Automation | AutomationFault {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return { kind: "notAnObject", entry };
  const given = raw as Readonly<Record<string, unknown>>;
  const member = Object.keys(given).find((key) => !members.includes(key));
  if (member !== undefined) return { kind: "unknownMember", entry, member };
  const { on, level, direction, vehicle, command, args = [], folder, name } = given;
  const isForLevel = on === "batteryLevel";
  if (!isEvent(on)) return { kind: "event", entry };
  if (typeof command !== "string" || !/^\S{1,200}$/.test(command)) return { kind: "command", entry };
  if (isOwn(command) && !allowedOwnCommands.includes(command)) return { kind: "ownCommand", entry };
  if (isForLevel ? !isLevel(level) : level !== undefined) return { kind: "level", entry };
  if (direction !== undefined && !(isForLevel && (direction === "up" || direction === "down"))) {
    return { kind: "direction", entry };
  }
  if (!Array.isArray(args) || !isShort(args)) return { kind: "args", entry };
  if (folder === undefined && command.startsWith(taskCommands)) return { kind: "folderMissing", entry };
  if (folder !== undefined && !(typeof folder === "string" && absolute.test(folder))) return { kind: "folder", entry };
  if (vehicle !== undefined && !isVehicle(vehicle, names)) return { kind: "vehicle", entry };
  if (name !== undefined && !(typeof name === "string" && name.length <= longestName)) return { kind: "name", entry };
  return {
    key: textHash(JSON.stringify(raw)),
    on,
    command,
    args,
    ...(isLevel(level) && { level }),
    ...(direction !== undefined && { direction: direction }),
    ...(vehicle !== undefined && { vehicle: vehicle.trim().toLowerCase() }),
    ...(folder !== undefined && { folder }),
    ...(name !== undefined && name.trim() !== "" && { name: name.trim() }),
  };
}

function isEvent(on: unknown): on is AutomationEvent {
  return automationEvents.some((event) => event === on);
}

function isOwn(command: string): boolean {
  return command.replace(/^_/, "").startsWith(`${section}.`);
}

function isLevel(level: unknown): level is number {
  return Number.isInteger(level) && Number(level) >= 1 && Number(level) <= 100;
}

/** True if the arguments can be written as JSON within {@link mostArgumentBytes}. */
function isShort(args: readonly unknown[]): boolean {
  try {
    return new TextEncoder().encode(JSON.stringify(args)).length <= mostArgumentBytes;
  } catch {
    return false;
  }
}

function isVehicle(vehicle: unknown, names: ReadonlySet<string>): vehicle is string {
  if (typeof vehicle !== "string" || vehicle.length > longestName) return false;
  const wanted = vehicle.trim().toLowerCase();
  return idShape.test(wanted) || names.has(wanted);
}
