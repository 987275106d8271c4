import { t } from "@vscode/l10n";
import { carToShow } from "../charging/carToShow";
import type { Vin } from "../charging/vin";
import { iconIds } from "../contributions";
import { callsToday } from "../charging/quota";
import { accountLabel } from "./accountText";
import { agedTime, carFacts, carIcon, carSentence, checkedText, failedTryAt, triedText } from "./carText";
import { connectionWords, type Icon } from "./connectionText";
import { contradiction } from "./detailText";
import { type Action, blocks, commandAction, links } from "./links";
import { modeAction, modeIcon, modeText } from "./modeText";
import { nextCheckText } from "./nextCheck";
import { countText } from "./numbers";
import { escapeMarkdown } from "./plainText";
import type { ProblemText } from "./problemText";
import { shownProblem } from "./shownProblem";
import type { CarView, ViewState } from "./viewState";

/*
 * VS Code makes a hover 500 pixels wide and as high as the window: about 80 characters by 35 lines. A car takes up to
 * four lines, and one if there are six cars or more.
 */
const mostBlocks = 5;
const mostCars = 12;
const mostProblems = 3;
const mostNames = 3;

/**
 * The hover of the status-bar item: first every car with its times, beginning with the car that the item shows, then
 * the problems with the actions that help, then the facts that all cars share. No action appears twice. Markdown.
 */
export function hover(view: ViewState): string {
  const { cars } = view;
  const shown = mostUrgent(cars, view.settings.pinned);
  const title = view.settings.demo ? t("Volvo Charging: demo, simulated cars") : t("Volvo Charging");
  const hidden = cars.length - shown.length;
  const once = offeredOnce();
  return blocks([
    shown.length > mostBlocks ? lineTable(title, shown, view) : blockTable(title, shown, view),
    hidden > 0 ? escapeMarkdown(t("More cars: {0}", hidden)) : "",
    ...problemLines(view, once),
    modeLine(view),
    facts(view),
    links(
      [
        commandAction(t("Refresh"), "refresh"),
        commandAction(t("Show History"), "showHistory"),
        view.settings.demo ? commandAction(t("Stop Demo"), "stopDemo") : commandAction(t("Settings"), "openSettings"),
      ].filter(once),
    ),
  ]);
}

/** Returns a filter that accepts each action once. */
function offeredOnce(): (action: Action) => boolean {
  const offered = new Set<string>();
  return ({ command }) => offered.size < offered.add(command).size;
}

/** A problem with links to the action and the page that help. Markdown. */
export function problemLine(name: string, { sentence, action, page }: ProblemText): string {
  const text = escapeMarkdown(name === "" ? sentence : t("{0}: {1}", name, sentence));
  return ["$(warning)", text, links(action ? [action] : [], page)].filter((part) => part !== "").join(" ");
}

function colored({ id, color }: Icon): string {
  return color === undefined ? `$(${id})` : inColor(color, `$(${id})`);
}

/** Markdown in a theme color. VS Code derives the name of a color's CSS variable from its id. */
function inColor(color: string, text: string): string {
  return `<span style="color:var(--vscode-${color.replaceAll(".", "-")});">${text}</span>`;
}

/** The car that the item shows, then the others in display order; only the most urgent ones if there are too many. */
function mostUrgent(cars: readonly CarView[], pinned: Vin | undefined): readonly CarView[] {
  const first = carToShow(cars, pinned);
  const rest = cars.filter((car) => car !== first);
  const chosen = new Set(first && [first]);
  while (chosen.size < mostCars) {
    const next = carToShow(rest, undefined);
    if (!next) break;
    chosen.add(next);
    rest.splice(rest.indexOf(next), 1);
  }
  return [...(first ? [first] : []), ...cars.filter((car) => car !== first && chosen.has(car))];
}

/** A table with two rows per car: icon and headline, then the notes. */
function blockTable(title: string, cars: readonly CarView[], view: ViewState): string {
  const shared = sharedTimes(view);
  return table(
    [`$(${iconIds.car})`, escapeMarkdown(title)],
    cars.flatMap((car) => [
      [colored(carIcon(car)), headline(car)],
      ["", carNotes(car, view, shared)],
    ]),
  );
}

/**
 * A table with one row per car. The title shares the row of the column headings, because twelve cars at 200 % zoom fill
 * a small screen.
 */
function lineTable(title: string, cars: readonly CarView[], view: ViewState): string {
  return table(
    [`$(${iconIds.car})`, ...[title, t("Connection"), t("Measured")].map(escapeMarkdown)],
    cars.map((car) => [colored(carIcon(car)), named(car, car.shortName), ...lineCells(car, view)]),
  );
}

/** A Markdown table. Rows with only empty cells are left out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => ":--"), ...rows.filter((cells) => cells.some((cell) => cell !== ""))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function named({ isPinned }: CarView, name: string): string {
  return `**${escapeMarkdown(name)}**${isPinned ? " $(pinned)" : ""}`;
}

/** The car's name and its sentence on one line. Markdown. */
function headline(car: CarView): string {
  return `${named(car, car.name)} · ${escapeMarkdown(carSentence(car))}`;
}

/** The car's icon, name and sentence on one line. Markdown. */
export function carHead(car: CarView): string {
  return `${colored(carIcon(car))} ${headline(car)}`;
}

/**
 * The facts about a car beside its sentence: one note per line, then its times except those in `shared`. Markdown. The
 * times have no color of their own: in high contrast themes a gray is hard to read.
 */
export function carNotes(car: CarView, view: ViewState, shared: readonly string[] = []): string {
  const { notes, times } = carFacts(car, view);
  const own = times.filter((time) => !shared.includes(time)).join(" · ");
  return [...notes, own]
    .filter((line) => line !== "")
    .map(escapeMarkdown)
    .join("<br>");
}

/** Two cells for one car: its state and the time of the measurement. Markdown. */
function lineCells(car: CarView, view: ViewState): readonly string[] {
  const { reading } = car;
  if (!reading) return [escapeMarkdown(carSentence(car)), "–"];
  const at = reading.connection.measuredAt;
  const word = connectionWords(reading.connection.value);
  const state = contradiction(reading) === undefined ? word : t("{0}, but charging", word);
  const time = at === undefined ? t("time unknown") : agedTime(at, view);
  return [escapeMarkdown(state), `${escapeMarkdown(time)}${car.stale ? " $(watch)" : ""}`];
}

/**
 * Each problem once, with the links that help and the names of its cars. Only a problem that all cars share has no
 * names. The sentence of any other may say "this car", which needs a name here.
 */
function problemLines(view: ViewState, once: (action: Action) => boolean): readonly string[] {
  const found = new Map<string, { readonly names: string[]; readonly text: ProblemText }>();
  for (const car of view.cars) {
    if (!car.problem) continue;
    const text = shownProblem(car.problem, view, car);
    const entry = found.get(text.sentence) ?? { names: [], text };
    entry.names.push(car.shortName);
    found.set(text.sentence, entry);
  }
  const lines = [...found.values()].map(({ names, text: { action, ...text } }, index) => {
    const rest = names.length - mostNames;
    const named = names.slice(0, mostNames).join(", ") + (rest > 0 ? ` +${rest}` : "");
    const offer = index < mostProblems && action && once(action) ? { action } : {};
    return problemLine(view.problem ? "" : named, { ...text, ...offer });
  });
  const more = lines.length - mostProblems;
  return more > 0
    ? [...lines.slice(0, mostProblems), `$(warning) ${escapeMarkdown(t("More problems: {0}", more))}`]
    : lines;
}

/** The mode in force with a link that ends it. Markdown. */
function modeLine(view: ViewState): string {
  const { mode } = view;
  return mode ? `$(${modeIcon(mode)}) ${escapeMarkdown(modeText(view))} ${links([modeAction(mode)])}` : "";
}

/** The number of calls on this UTC day; empty in the demo, which has no quota. */
function callsText({ carStore, now, locale, settings }: ViewState): string {
  if (settings.demo) return "";
  const calls = [callsToday(carStore.account.calls, now), settings.dailyCallBudget];
  return t("Calls today: {0} of {1}", ...calls.map((count) => countText(count, locale)));
}

/**
 * The times of the last check and of the last failed try, if they are the same for all cars. A table has no room for
 * the times of each car, so the oldest check and the latest failed try are shown below it.
 */
function sharedTimes(view: ViewState): readonly string[] {
  const { cars } = view;
  const isTable = cars.length > mostBlocks;
  const checks = cars.flatMap(({ reading }) => reading?.fetchedAt ?? []);
  const tries = cars.flatMap((car) => failedTryAt(car) ?? []);
  const checked = checks.length > 0 ? checkedText(Math.min(...checks), view) : "";
  const tried = tries.length > 0 ? triedText(Math.max(...tries), view) : "";
  const isSame = checks.every((at) => checkedText(at, view) === checked);
  const isSameTry = tries.length === cars.length && tries.every((at) => triedText(at, view) === tried);
  return [isTable || isSame ? checked : "", isTable || isSameTry ? tried : ""];
}

function facts(view: ViewState): string {
  return [...sharedTimes(view), nextCheckText(view), callsText(view), accountLabel(view)]
    .filter((fact) => fact !== "")
    .map(escapeMarkdown)
    .join(" · ");
}
