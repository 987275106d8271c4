import type { Disposable } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Core } from "../core/core";
import type { NoticePorts } from "../present/notification";
import type { Notice } from "../charging/notice";
import type { TreeView } from "./treeView";

export interface NotifierPorts {
  /** The user's own cars: events in the demo cause no messages. */
  readonly core: Core;
  readonly settings: NoticePorts["settings"];
  /** The view state of the same cars. */
  readonly viewState: NoticePorts["viewState"];
  readonly tree: TreeView;
  readonly log: Logger;
  /** Loads the code that shows a message, which most days do not need. */
  readonly load: () => Promise<{ readonly showNotice: (notice: Notice, ports: NoticePorts) => Promise<void> }>;
}

/** Shows a message for each event of a car and for the daily reminder. */
export function createNotifier({ core, settings, viewState, tree, log, load }: NotifierPorts): Disposable {
  const ports: NoticePorts = {
    viewState,
    refresh: (vins) => core.polling.refresh(vins),
    settings,
    log,
    reveal: (id) => tree.reveal(id),
  };

  async function show(notice: Notice): Promise<void> {
    const { showNotice } = await load();
    await showNotice(notice, ports);
  }

  return core.onDidNotify((notice) => {
    show(notice).catch((error: unknown) => log.error(`A message could not be shown: ${errorText(error)}`));
  });
}
