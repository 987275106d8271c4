import { chartSvg, legendList, timeAt, xOf } from "./chart";
import { type ChartContent, type PageContent } from "./content";
import { parseContent } from "./parseContent";
import { movedBy, stopAt } from "./cursor";
import type { PageRequest, ViewChange } from "./request";
import { tableMarkup } from "./table";
import { type HistoryView, type RangeUnit, rangeUnits } from "./view";

declare function acquireVsCodeApi(): { postMessage(message: PageRequest): void; setState(state: HistoryView): void };

// The page of the history panel. Each message from the extension holds its whole content, and each message to the
// extension asks for a change of the view.

const host = acquireVsCodeApi();
let content: PageContent | undefined;
/** The stop of the chart's cursor. */
let stop: number | undefined;
let drawnWidth = 0;

function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function button(className: string, press: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: className });
  made.addEventListener("click", () => {
    if (made.getAttribute("aria-disabled") !== "true") press();
  });
  return made;
}

const title = make("h1", { class: "unseen" });
const car = make("select");
const carName = make("span", { class: "car" });
const units = Object.fromEntries(
  rangeUnits.map((unit) => [unit, button("unit", () => change({ kind: "unit", unit }))]),
) as Readonly<Record<RangeUnit, HTMLButtonElement>>;
const previous = button("step", () => change({ kind: "step", by: -1 }));
const today = button("step", () => change({ kind: "today" }));
const next = button("step", () => change({ kind: "step", by: 1 }));
const unitGroup = make("div", { role: "group", class: "group" }, ...Object.values(units));
const toolbar = make("div", { class: "toolbar" }, car, carName, unitGroup);
toolbar.append(make("div", { class: "group" }, previous, today, next));
const range = make("h2");
const notice = make("p", { class: "notice" });
const noticeAction = button("action", () => host.postMessage({ kind: "openSetting" }));
/** The text of the cursor's stop, or of the range after a change. A screen reader speaks it. */
const readout = make("p", { role: "status", "aria-live": "polite", class: "readout" });
const chart = make("div", { class: "chart-box", role: "application", tabindex: "0" });
const help = make("p", { id: "help", class: "unseen" });
const legend = make("div");
const tableBox = make("div", { class: "table-box", role: "region", tabindex: "0" });
const previousPage = button("step", () => change({ kind: "page", by: -1 }));
const pages = make("span");
const nextPage = button("step", () => change({ kind: "page", by: 1 }));
const pager = make("div", { class: "group pager" }, previousPage, pages, nextPage);
const notes = make("div", { class: "notes" });
const main = make("main", {}, title, toolbar, range, notice, noticeAction, readout, chart, help, legend);
main.append(tableBox, pager, notes);
document.body.append(main);
previous.textContent = "◀";
next.textContent = "▶";
chart.setAttribute("aria-describedby", "help");

function change(made: ViewChange): void {
  host.postMessage(made);
}

function setEnabled(target: HTMLButtonElement, enabled: boolean): void {
  // A disabled button would lose the keyboard focus.
  target.setAttribute("aria-disabled", String(!enabled));
}

function setNamed(target: HTMLElement, name: string): void {
  target.setAttribute("aria-label", name);
  target.title = name;
}

function setShown(target: HTMLElement, shown: boolean): void {
  target.hidden = !shown;
}

function paint(shown: PageContent): void {
  const previousContent = content;
  content = shown;
  const { words, view, cars } = shown;
  const isOtherRange = previousContent?.range !== shown.range || previousContent.view.car !== view.car;
  document.title = title.textContent = words.title;
  car.setAttribute("aria-label", words.car);
  car.replaceChildren(...cars.map(({ key, name }) => new Option(name, key, false, key === view.car)));
  setShown(car, cars.length > 1);
  carName.textContent = cars.find(({ key }) => key === view.car)?.name ?? "";
  setShown(carName, cars.length === 1);
  unitGroup.setAttribute("aria-label", words.range);
  for (const unit of rangeUnits) {
    units[unit].textContent = words[unit];
    units[unit].setAttribute("aria-pressed", String(unit === view.unit));
  }
  setNamed(previous, words.previous);
  today.textContent = words.today;
  setNamed(next, words.next);
  setEnabled(previous, shown.hasEarlier);
  setEnabled(next, shown.hasLater);
  range.textContent = shown.range;
  notice.textContent = shown.notice;
  setShown(notice, shown.notice !== "");
  noticeAction.textContent = shown.noticeAction;
  setShown(noticeAction, shown.noticeAction !== "");
  paintChart(shown, isOtherRange);
  if (previousContent && isOtherRange) readout.textContent = shown.chart?.label ?? shown.notice;
  // Clears an outdated text instead of updating it: a screen reader would read the new text each minute.
  else if (stop === undefined && readout.textContent !== shown.chart?.label) readout.textContent = "";
  paintTable(shown);
  host.setState(view);
}

function paintChart({ chart: drawn, words }: PageContent, isOtherRange: boolean): void {
  for (const part of [chart, legend, readout]) setShown(part, drawn !== undefined);
  if (isOtherRange) stop = undefined;
  if (!drawn) return;
  chart.setAttribute("aria-label", drawn.label);
  help.textContent = words.chartHelp;
  // `legendList` and `chartSvg` escape every text.
  legend.innerHTML = legendList(drawn);
  drawnWidth = 0;
  draw(drawn);
}

function draw(drawn: ChartContent): void {
  const width = Math.floor(chart.clientWidth);
  if (width === drawnWidth || width === 0) return;
  drawnWidth = width;
  chart.innerHTML = chartSvg(drawn, width);
  placeCursor(drawn);
}

function placeCursor(drawn: ChartContent): void {
  const line = chart.querySelector(".cursor");
  const at = stop === undefined ? undefined : drawn.stops[stop]?.at;
  if (!line || at === undefined) return;
  const x = String(xOf(at, drawn, drawnWidth));
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
  line.setAttribute("visibility", "visible");
}

function moveTo(index: number | undefined): void {
  const drawn = content?.chart;
  if (!drawn || index === undefined || index === stop) return;
  stop = index;
  placeCursor(drawn);
  readout.textContent = drawn.stops[index]?.label ?? "";
}

function paintTable({ table, words, view }: PageContent): void {
  setShown(tableBox, table !== undefined);
  setShown(pager, table !== undefined && table.pages !== "");
  setShown(notes, table !== undefined);
  if (!table) return;
  tableBox.setAttribute("aria-label", table.caption);
  const markup = tableMarkup(table);
  if (tableBox.innerHTML !== markup) tableBox.innerHTML = markup;
  previousPage.textContent = words.previousPage;
  nextPage.textContent = words.nextPage;
  setEnabled(previousPage, view.page > 0);
  setEnabled(nextPage, table.hasNextPage);
  pages.textContent = table.pages;
  notes.replaceChildren(...table.notes.map((text) => make("p", {}, text)));
}

car.addEventListener("change", () => change({ kind: "car", car: car.value }));
chart.addEventListener("keydown", (event) => {
  const drawn = content?.chart;
  if (!drawn || event.ctrlKey || event.altKey || event.metaKey) return;
  const index = movedBy(event.key, stop, drawn.stops, drawn.leapMs);
  if (index === undefined) return;
  event.preventDefault();
  moveTo(index);
});
chart.addEventListener("pointermove", (event) => {
  const drawn = content?.chart;
  if (!drawn) return;
  moveTo(stopAt(drawn.stops, timeAt(event.clientX - chart.getBoundingClientRect().left, drawn, drawnWidth)));
});
new ResizeObserver(() => {
  if (content?.chart) draw(content.chart);
}).observe(chart);
addEventListener("message", (event: MessageEvent<unknown>) => {
  const received = parseContent(event.data);
  if (received) paint(received);
});
host.postMessage({ kind: "ready" });
