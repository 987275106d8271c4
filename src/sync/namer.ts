import { type Clock, dayMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { VolvoClient } from "../volvo/client";
import { activeHold } from "./account";
import type { Car } from "./car";
import type { Garage } from "./garage";
import { holdAfter } from "./outcome";
import { isNotPermitted } from "./permission";
import type { Poller } from "./poller";
import { callsToday } from "./quota";

export interface NamerPorts {
  readonly clock: Clock;
  readonly client: Pick<VolvoClient, "carModel">;
  readonly garage: Garage;
  readonly poller: Pick<Poller, "isOn" | "onDidFinishBatch">;
  readonly log: Logger;
  readonly dailyCallBudget: () => number;
  /** 0 to 1. */
  readonly random: () => number;
}

/**
 * Learns what the maker calls the cars that the user has given no name, at most once a day each and only after a
 * reading has come: names are never worth the first request. One car's failure does not touch another's, unless it
 * makes everybody wait, and none is shown: the end of the VIN is a name as well.
 */
export function createNamer(ports: NamerPorts): Disposable {
  const { clock, garage, poller } = ports;
  const store = new DisposableStore();
  const abort = new AbortController();
  let running = false;

  function isDue(car: Car): boolean {
    const asked = car.modelAskedAt;
    return car.name === undefined && car.reading !== undefined && (asked === undefined || clock.now() - asked >= dayMs);
  }

  async function learn(): Promise<void> {
    if (running) return;
    running = true;
    try {
      for (const car of garage.current.cars.filter(isDue)) {
        const { account } = garage.current;
        const isSpent = callsToday(account.calls, clock.now()) >= ports.dailyCallBudget();
        if (!poller.isOn || isSpent || activeHold(account, clock.now())) return;
        const model = await ports.client.carModel(car.vin, abort.signal);
        const now = clock.now();
        garage.modelKnown(car.vin, model.ok ? model.value : undefined, now);
        const hold = model.ok ? undefined : holdAfter(model.failure, now, ports.random());
        if (hold) garage.held(hold, []);
      }
    } catch (error) {
      if (abort.signal.aborted || isNotPermitted(error)) return;
      ports.log.error(`The names of the cars could not be asked for: ${errorText(error)}`);
    } finally {
      running = false;
    }
  }

  store.add(poller.onDidFinishBatch(() => void learn()));
  store.add({ dispose: () => abort.abort() });
  return store;
}
