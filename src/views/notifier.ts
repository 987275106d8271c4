import type { Clock } from "../base/clock";
import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Core } from "../core";
import type { NewsPorts } from "../present/notification";
import type { News } from "../sync/news";
import { coreViewState } from "./coreViewState";
import type { TreeView } from "./treeView";

export interface NotifierPorts {
  /** Of the real cars: the demo's happenings are no news. */
  readonly core: Core;
  readonly settings: NewsPorts["settings"];
  readonly clock: Clock;
  readonly tree: TreeView;
  readonly log: Logger;
  /** Loads what tells news: on most days nothing happens. */
  readonly load: () => Promise<{ readonly tellNews: (news: News, ports: NewsPorts) => Promise<void> }>;
}

/** Has what happens to cars, and the reminder of the day, told as messages. */
export function createNotifier({ core, settings, clock, tree, log, load }: NotifierPorts): Disposable {
  const ports: NewsPorts = {
    viewState: () => coreViewState(core, clock.now()),
    refresh: (vins) => core.polling.refresh(vins),
    settings,
    reveal: (id) => tree.reveal(id),
  };

  async function tell(news: News): Promise<void> {
    const { tellNews } = await load();
    await tellNews(news, ports);
  }

  return core.onDidHappen((news) => {
    tell(news).catch((error: unknown) => log.error(`A message could not be shown: ${errorText(error)}`));
  });
}
