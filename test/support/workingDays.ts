import { dayMs, hourMs, minuteMs } from "../../src/base/clock";
import { Computer, type SimulatedWindow, vinAt } from "./windows/computer";

export interface WorkingDays {
  readonly cars: number;
  readonly windows: number;
  readonly days: number;
  /** Windows that know nothing of each other, each with a fixed timer of five minutes. */
  readonly isAlone?: boolean;
}

const openedAt = 8 * hourMs;
const closedAt = 18 * hourMs;
/** Coarser than in the product, so that a month takes seconds. */
const times = { heartbeatMs: minuteMs, staleMs: 3 * minuteMs };

/**
 * How many calls leave a computer whose user works Monday to Friday: all windows are open from eight to six, one of
 * them has the focus from nine to twelve and from one to five, another each hour, and the first car is on a DC charger
 * from ten to half past, the others on AC. What is not office time the computer is off.
 */
export async function callsInWorkingDays({ cars, windows, days, isAlone = false }: WorkingDays): Promise<number> {
  const settings = isAlone ? { adaptivePolling: false } : {};
  const computer = new Computer({ cars, times, settings });
  // The clock of the computer starts on a Monday at eight.
  let calls = 0;
  computer.service.onRequest = () => {
    calls++;
    computer.service.requests.length = 0;
  };
  for (let day = 0; day < days; day++) {
    if (day % 7 < 5) await liveThroughDay(computer, windows, isAlone);
    else await computer.run(closedAt - openedAt);
    await computer.run(dayMs - (closedAt - openedAt));
  }
  return calls;
}

async function liveThroughDay(computer: Computer, count: number, isAlone: boolean): Promise<void> {
  const windows = Array.from({ length: count }, () => computer.open(isAlone ? { shares: "nothing" } : {}));
  for (let hour = 8; hour < 18; hour++) {
    const isAtWork = (hour >= 9 && hour < 12) || (hour >= 13 && hour < 17);
    windows.forEach((window, index) => window.focus(isAtWork && index === hour % count));
    computer.service.plugs.set(vinAt(0), hour === 10 ? "DC" : "AC");
    await computer.run(30 * minuteMs);
    computer.service.plugs.set(vinAt(0), "AC");
    await computer.run(30 * minuteMs);
  }
  windows.forEach((window: SimulatedWindow) => window.close());
}
