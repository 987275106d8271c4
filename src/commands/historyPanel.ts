import { t } from "@vscode/l10n";
import vscode = require("vscode");
import { type Clock, minuteMs, secondMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import { carToShow } from "../charging/carToShow";
import { extensionId, historyPanelId, section } from "../contributions";
import type { DemoSwitch } from "../demo/demoSwitch";
import type { HistorySource } from "../history/model";
import { pageDocument } from "../historyPage/document";
import { parseRequest } from "../historyPage/request";
import { firstView, type HistoryView, keptView } from "../historyPage/view";
import { historyContent, panelCar } from "../present/historyContent";
import { changedView, firstUnit, historyRange } from "../present/historyRange";
import { languageOf } from "../present/times";
import type { ViewState } from "../present/viewState";

export interface HistoryPanelDeps {
  readonly demoSwitch: Pick<DemoSwitch, "onDidChange">;
  readonly viewState: () => ViewState;
  /** The history of the cars in {@link viewState}, in the same order. */
  readonly history: () => HistorySource;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Answers often arrive in quick succession and are painted together. */
const repaintDelayMs = secondMs / 2;

/** The panel "Charging History", one per window. It repaints on requests of its page and on changes of the cars. */
export class HistoryPanel {
  private panel: vscode.WebviewPanel | undefined;
  private view: HistoryView = firstView;
  /** The unit was chosen, by the user or by the length of the history. It stays from then on. */
  private isUnitChosen = false;
  /** The start of the history of the car that was painted last, ms since the epoch. */
  private keptSince: number | undefined;
  /** The page is loaded. VS Code loads it again whenever it comes to the front. */
  private isReady = false;
  private repainting: Disposable | undefined;
  private paintings = 0;
  private shown = "";

  constructor(private readonly deps: HistoryPanelDeps) {}

  /**
   * Opens the panel at the present time, or brings it to the front unchanged. `key` is the key of the car to show.
   * Without it, an open panel keeps its car, and a new panel shows the car of the status-bar item.
   */
  async show(key: string | undefined): Promise<void> {
    if (!this.panel) this.view = { ...this.view, car: key, at: undefined, page: 0 };
    else if (key !== undefined) this.view = { ...this.view, car: key, page: 0 };
    if (this.panel) {
      this.panel.reveal();
      await this.paint();
      return;
    }
    const options = { enableFindWidget: true };
    this.attach(
      vscode.window.createWebviewPanel(historyPanelId, t("Charging History"), vscode.ViewColumn.Active, options),
    );
  }

  /** Fills a panel that VS Code has restored after a reload. `state` is the state that its page saved, not checked. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    this.view = keptView(state);
    this.isUnitChosen = true;
    this.panel?.dispose();
    this.attach(panel);
  }

  private attach(panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    const parts = new DisposableStore();
    this.panel = panel;
    this.isReady = false;
    parts.add(webview.onDidReceiveMessage((message: unknown) => void this.received(message)));
    parts.add(this.deps.demoSwitch.onDidChange(() => this.repaintSoon()));
    parts.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.isReady = false;
      }),
    );
    panel.onDidDispose(() => {
      parts.dispose();
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.repainting?.dispose();
      this.repainting = undefined;
    });
    const folder = vscode.Uri.joinPath(extensionUri(), "dist", "historyPage");
    const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
    panel.title = t("Charging History");
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    webview.html = pageDocument({
      language: languageOf(this.deps.viewState().locale),
      title: t("Charging History"),
      script: address("page.js"),
      style: address("page.css"),
      source: webview.cspSource,
      nonce: crypto.randomUUID(),
    });
  }

  private async received(message: unknown): Promise<void> {
    const request = parseRequest(message);
    if (!request) return;
    switch (request.kind) {
      case "openSetting":
        await vscode.commands.executeCommand("workbench.action.openSettings", `${section}.history.enabled`);
        return;
      case "ready":
        this.isReady = true;
        this.shown = "";
        break;
      default: {
        const { now, locale } = this.deps.viewState();
        this.view = changedView(this.view, request, { now: wholeMinute(now), locale, keptSince: this.keptSince });
        this.isUnitChosen ||= request.kind === "unit";
      }
    }
    await this.paint();
  }

  private repaintSoon(): void {
    this.repainting ??= this.deps.clock.after(repaintDelayMs, () => {
      this.repainting = undefined;
      void this.paint();
    });
  }

  /** Sends the content to the page unless it is the same as before. Never rejects. */
  private async paint(): Promise<void> {
    const { panel, deps } = this;
    if (!panel?.visible || !this.isReady) return;
    const painting = ++this.paintings;
    try {
      const histories = await deps.history().read();
      if (painting !== this.paintings || panel !== this.panel) return;
      const { cars: views, settings, locale, ...view } = deps.viewState();
      const now = wholeMinute(view.now);
      const shown = views.find(({ key }) => key === this.view.car) ?? carToShow(views, settings.pinned);
      const history = shown && histories[views.indexOf(shown)];
      if (!this.isUnitChosen && history?.keptSince !== undefined) {
        this.isUnitChosen = true;
        this.view = { ...this.view, unit: firstUnit(history.keptSince, now, locale) };
      }
      const range = historyRange(this.view, now, locale);
      const content = historyContent({
        ...{ view: { ...this.view, car: shown?.key }, range, now, locale },
        cars: views.map(({ key, name }) => ({ key, name })),
        car: history && panelCar(history, shown.name, range, now),
        isKept: settings.history.isEnabled,
        isDemo: settings.demo,
      });
      // The requested car may be added later, as in the demo.
      this.view = { ...content.view, car: shown ? content.view.car : this.view.car };
      this.keptSince = history?.keptSince;
      const text = JSON.stringify(content);
      if (text === this.shown) return;
      this.shown = text;
      await panel.webview.postMessage(content);
    } catch (error) {
      deps.log.error(`The history could not be shown: ${errorText(error)}`);
    }
  }
}

/** The next whole minute. With the exact time, each painting would differ. */
function wholeMinute(now: number): number {
  return Math.ceil(now / minuteMs) * minuteMs;
}

function extensionUri(): vscode.Uri {
  const own = vscode.extensions.getExtension(extensionId);
  if (!own) throw new Error(`${extensionId} is not installed`);
  return own.extensionUri;
}
