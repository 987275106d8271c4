import type { LevelDirection } from "./batteryLevels";
import { carEventKinds } from "./changes";
import type { Notice } from "./notice";

/** What an automation can wait for. */
export const automationEvents = [...carEventKinds, "reminder"] as const;

export type AutomationEvent = (typeof automationEvents)[number];

/** A command of VS Code that the user wants to run when something happens to a car. */
export interface Automation {
  /** Names it in files: the same for the same entry of the settings. */
  readonly key: string;
  readonly on: AutomationEvent;
  /** Percent; for `batteryLevel`. */
  readonly level?: number;
  /** Either way if left out. */
  readonly direction?: LevelDirection;
  /** The name of a configured car or its id; any car if left out. */
  readonly vehicle?: string;
  readonly command: string;
  readonly args: readonly unknown[];
  /** It runs only in a window with this workspace folder: an absolute path or a URI. */
  readonly folder?: string;
  readonly name?: string;
}

/** Whether `notice` is what `automation` waits for, whichever car it is about. */
export function isAwaited(notice: Notice, { on, level, direction }: Automation): boolean {
  if (notice.kind !== on) return false;
  if (notice.kind !== "batteryLevel") return true;
  return notice.level === level && (direction === undefined || direction === notice.direction);
}
