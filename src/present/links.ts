import { type CommandName, commandId, commandNames, iconIds, internalCommands } from "../contributions";
import { escapeMarkdown } from "./plainText";

/** A button or link that runs a command. */
export interface Action {
  readonly title: string;
  readonly command: string;
  /** The key of the car that the command is about. */
  readonly argument?: string;
}

/** An action that runs one of the extension's own commands. */
export function commandAction(title: string, name: CommandName, argument?: string): Action {
  return { title, command: commandId(name), ...(argument !== undefined && { argument }) };
}

/** A link to a web page with background information. */
export interface Page {
  readonly title: string;
  readonly url: string;
}

/**
 * The commands that a link in our Markdown may run. Only our own commands are allowed: their arguments and effects are
 * known.
 */
export const enabledCommands: readonly string[] = [...commandNames.map(commandId), internalCommands.reloadWindow];

/** Paragraphs of Markdown. Empty ones are left out. */
export function blocks(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n\n");
}

/**
 * Links that run commands, and a link to a page. Command links work only in Markdown that is trusted with these
 * commands.
 */
export function links(actions: readonly Action[], page?: Page): string {
  const targets = actions.map((action) => ({ title: action.title, url: commandUrl(action) }));
  return [...targets, ...(page ? [page] : [])]
    .map(({ title, url }) => `[${escapeMarkdown(title)}](${url})`)
    .join(" · ");
}

function commandUrl({ command, argument }: Action): string {
  const query = argument === undefined ? "" : `?${encodeURIComponent(JSON.stringify([argument]))}`;
  return `command:${command}${query}`;
}

/** The hover while there is no car to show: one sentence and the actions that help. Markdown. */
export function invitationHover(sentence: string, actions: readonly Action[], page?: Page): string {
  return blocks([`$(${iconIds.car}) ${escapeMarkdown(sentence)}`, links(actions, page)]);
}
