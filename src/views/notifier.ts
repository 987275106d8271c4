import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Core } from "../core";
import type { NewsPorts } from "../present/notification";
import type { News } from "../sync/news";
import type { TreeView } from "./treeView";

export interface NotifierPorts {
  /** The user's own cars: events in the demo cause no messages. */
  readonly core: Core;
  readonly settings: NewsPorts["settings"];
  /** The view state of the same cars. */
  readonly viewState: NewsPorts["viewState"];
  readonly tree: TreeView;
  readonly log: Logger;
  /** Loads the code that shows a message. It is not needed on most days. */
  readonly load: () => Promise<{ readonly tellNews: (news: News, ports: NewsPorts) => Promise<void> }>;
}

/** Shows a message for each event of a car and for the daily reminder. */
export function createNotifier({ core, settings, viewState, tree, log, load }: NotifierPorts): Disposable {
  const ports: NewsPorts = {
    viewState,
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
