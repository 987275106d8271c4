import { type Disposable, DisposableStore } from "../base/disposable";
import { errorText } from "../base/log";
import type { ReminderWatchPorts, ReminderWatch } from "./reminder";

/** Loads what reminds; most users have no reminder. */
export type LoadReminder = () => Promise<new (ports: ReminderWatchPorts) => ReminderWatch>;

/** Reminds from the moment at which a time is set for the first time. */
export function remindWhenSet(ports: ReminderWatchPorts, load: LoadReminder): Disposable {
  const store = new DisposableStore();
  let isLoaded = false;

  async function begin(): Promise<void> {
    if (isLoaded || ports.settings.current.reminder.time === undefined) return;
    isLoaded = true;
    const Watch = await load();
    if (!store.isDisposed) store.add(new Watch(ports));
  }

  const beginIfSet = () => {
    begin().catch((error: unknown) => ports.log.error(`There is no reminder: ${errorText(error)}`));
  };
  store.add(ports.settings.onDidChange(beginIfSet));
  beginIfSet();
  return store;
}
