import { t } from "@vscode/l10n";
import { loginHealth } from "../auth/loginHealth";
import { signedInText, volvoIdAccount } from "./accountText";
import type { Picture } from "./picture";
import { escapeMarkdown } from "./plainText";
import { dateTimeText } from "./times";
import type { Row } from "./tree";

/** Who is signed in and what keeps it so, below the cars; none with a test token, whose end the cars tell of. */
export function accountRow({ session, settings, now, locale }: Picture): readonly Row[] {
  const account = volvoIdAccount(session);
  if (!account || session.kind !== "ready") return [];
  const health = loginHealth(account, now);
  const text = signedInText(account, health, settings.presenterMode, locale);
  const renewed = t("Without VS Code running, until {0}", dateTimeText(health.lastsUntil, locale));
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
