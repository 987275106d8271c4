import type { LevelDirection } from "./batteryLevels";
import { carEventKinds } from "./changes";
import type { Notice } from "./notice";

/** The events for which an automation can wait. */
export const automationEvents = [...carEventKinds, "reminder"] as const;

export type AutomationEvent = (typeof automationEvents)[number];

/** A VS Code command that the user wants to run on an event of a car. */
export interface Automation {
  /** Its name in files, which is the same for the same entry in the settings. */
  readonly key: string;
  readonly on: AutomationEvent;
  /** Percent; for `batteryLevel`. */
  readonly level?: number;
  /** Both directions if left out. */
  readonly direction?: LevelDirection;
  /** The name of a configured car or its id; any car if left out. */
  readonly vehicle?: string;
  readonly command: string;
  readonly args: readonly unknown[];
  /** A workspace folder, as an absolute path or a URI. The command runs only in a window with this folder. */
  readonly folder?: string;
  readonly name?: string;
}

/** True if `automation` waits for `notice`, regardless of the car. */
export function isAwaited(notice: Notice, { on, level, direction }: Automation): boolean {
  if (notice.kind !== on) return false;
  if (notice.kind !== "batteryLevel") return true;
  return notice.level === level && (direction === undefined || direction === notice.direction);
}
