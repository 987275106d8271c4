import { t } from "@vscode/l10n";
import { signInLifetime } from "../auth/signInLifetime";
import { accountLabel, lifetimeText, volvoIdAccount } from "./accountText";
import { escapeMarkdown } from "./plainText";
import { type Row, rowOfNoCar } from "./row";
import { dateTimeText, dayText } from "./times";
import type { ViewState } from "./viewState";

/**
 * The row below the cars that shows the signed-in account, after an end that is near; the hover tells under which
 * conditions it stays signed in, which would be cut off in a side bar of ordinary width. There is none for a test token:
 * the cars' own problems report its end.
 */
export function accountRow(view: ViewState): readonly Row[] {
  const { session, now, locale } = view;
  const account = volvoIdAccount(session);
  if (!account || session.kind !== "ready") return [];
  const lifetime = signInLifetime(account, now);
  const { endsSoon, endsAt, lastsUntil } = lifetime;
  const name = accountLabel(view);
  const day = endsSoon && endsAt !== undefined ? dayText(endsAt, locale) : "";
  const until = t({ message: "until {0}", args: [day], comment: ["Date and time"] });
  const text = lifetimeText(lifetime, locale);
  const renewed = t("Signed in until {0} if VS Code stays closed", dateTimeText(lastsUntil, locale));
  return [
    rowOfNoCar({
      id: "account",
      label: t("Account"),
      description: day === "" ? name : `${until} · ${name}`,
      icon: { id: "account" },
      tooltip: [name, text, renewed].map(escapeMarkdown).join("\n\n"),
      spoken: `${t("{0}: {1}", t("Account"), name)}. ${text}`,
      context: "account",
    }),
  ];
}
