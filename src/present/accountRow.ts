import { t } from "@vscode/l10n";
import { signInLifetime } from "../auth/signInLifetime";
import { accountLabel, lifetimeText, volvoIdAccount } from "./accountText";
import { escapeMarkdown } from "./plainText";
import { type Row, rowOfNoCar } from "./row";
import { dateTimeText, dayText } from "./times";
import type { ViewState } from "./viewState";

/**
 * The row below the cars with the signed-in account, after the end of the sign-in if that is near. The condition for
 * staying signed in is in the hover, because a side bar of ordinary width would cut it off. There is no row for a test
 * token, because the problems of the cars report its end.
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
  const lifetimeSentence = lifetimeText(lifetime, locale);
  const renewed = t("Signed in until {0} if VS Code stays closed", dateTimeText(lastsUntil, locale));
  return [
    rowOfNoCar({
      id: "account",
      label: t("Account"),
      description: day === "" ? name : `${until} · ${name}`,
      icon: { id: "account" },
      tooltip: [name, lifetimeSentence, renewed].map(escapeMarkdown).join("\n\n"),
      spoken: `${t("{0}: {1}", t("Account"), name)}. ${lifetimeSentence}`,
      context: "account",
    }),
  ];
}
