import { dayMs, hourMs, minuteMs } from "../../src/base/clock";
import { Computer, type SimulatedWindow, vinAt } from "./windows/computer";

export interface WorkingDays {
  readonly cars: number;
  readonly windows: number;
  readonly days: number;
  /** The windows share nothing, and each has a fixed timer of five minutes. */
  readonly isAlone?: boolean;
}

const openedAt = 8 * hourMs;
const closedAt = 18 * hourMs;
/** Longer than in the product, so a month takes seconds. */
const times = { heartbeatMs: minuteMs, staleMs: 3 * minuteMs };

/**
 * The number of calls from a computer whose user works Monday to Friday. All windows are open from 8:00 to 18:00 and
 * closed otherwise. From 9:00 to 12:00 and from 13:00 to 17:00 one of them has focus, another each hour. The first car is
 * on a DC charger from 10:00 to 10:30; otherwise all cars are on AC.
 */
export async function callsInWorkingDays({ cars, windows, days, isAlone = false }: WorkingDays): Promise<number> {
  const settings = isAlone ? { adaptivePolling: false } : {};
  const computer = new Computer({ cars, times, settings });
  // The computer's clock starts on a Monday at 8:00.
  let calls = 0;
  computer.service.onRequest = () => {
    calls++;
    computer.service.requests.length = 0;
  };
  for (let day = 0; day < days; day++) {
    if (day % 7 < 5) await simulateDay(computer, windows, isAlone);
    else await computer.run(closedAt - openedAt);
    await computer.run(dayMs - (closedAt - openedAt));
  }
  return calls;
}

async function simulateDay(computer: Computer, count: number, isAlone: boolean): Promise<void> {
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
