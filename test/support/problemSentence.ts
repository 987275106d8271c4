import type { Row } from "../../src/present/row";

/** The sentence of a problem's row, with the title of the action that it offers: "No answer. → Refresh". */
export function problemSentence({ spoken, command }: Row): string {
  const text = spoken.replace(/^Problem: /, "");
  return command ? `${text.slice(0, -command.title.length - 1)} → ${command.title}` : text;
}
