import { t } from "@vscode/l10n";
import { signInLifetime } from "../auth/signInLifetime";
import { signedInText, volvoIdAccount } from "./accountText";
import { escapeMarkdown } from "./plainText";
import type { Row } from "./row";
import { dateTimeText } from "./times";
import type { ViewState } from "./viewState";

/**
 * The row below the cars that shows the signed-in account and the conditions under which it stays signed in. There is
 * none for a test token: the cars' own problems report its end.
 */
export function accountRow({ session, settings, now, locale }: ViewState): readonly Row[] {
  const account = volvoIdAccount(session);
  if (!account || session.kind !== "ready") return [];
  const lifetime = signInLifetime(account, now);
  const text = signedInText(account, lifetime, settings.presenterMode, locale);
  const renewed = t("Signed in until {0} if VS Code stays closed", dateTimeText(lifetime.lastsUntil, locale));
  return [
    {
      id: "account",
      label: t("Account"),
      description: text,
      icon: { id: "account" },
      tooltip: [text, renewed].map(escapeMarkdown).join("\n\n"),
      spoken: t("{0}: {1}", t("Account"), text),
      context: "account",
      car: "",
      children: [],
    },
  ];
}
