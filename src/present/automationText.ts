import { t } from "@vscode/l10n";
import { type Automation, automationEvents } from "../charging/automation";
import { section } from "../contributions";
import { allowedOwnCommands, type AutomationFault, mostArgumentBytes, mostAutomations } from "../settings/automations";
import { plainLine } from "./plainText";

/** The display name of an automation: its own name, else its event and its command. */
export function automationName({ name, on, command }: Automation): string {
  return plainLine(name ?? `${on} → ${command}`, 80);
}

/** The error in an automation, as a sentence for people. */
export function automationFaultText(fault: AutomationFault): string {
  const setting = `${section}.automations`;
  if (fault.kind === "tooMany")
    return t("Only the first {0} entries of the setting {1} are used.", mostAutomations, setting);
  return t("Entry {0} of the setting {1} is left out: {2}", fault.entry, setting, reasonText(fault));
}

function reasonText(fault: Exclude<AutomationFault, { kind: "tooMany" }>): string {
  switch (fault.kind) {
    case "notAnObject":
      return t("it is not an object.");
    case "unknownMember":
      return t("“{0}” isn't recognized.", plainLine(fault.member, 40));
    case "event":
      return t("“on” must be one of these: {0}.", automationEvents.join(", "));
    case "command":
      return t("“command” must be the ID of a command.");
    case "ownCommand":
      return t("of this extension's commands, only these can be run: {0}.", allowedOwnCommands.join(", "));
    case "folderMissing":
      return t("a task needs “folder”, since the workspace decides what its name means.");
    case "folder":
      return t("“folder” must be an absolute path or a URI.");
    case "args":
      return t("“args” must be a list of at most {0} bytes as JSON.", mostArgumentBytes);
    case "level":
      return t("“level” must be a whole number from 1 to 100, and belongs to batteryLevel.");
    case "direction":
      return t("“direction” must be up or down, and belongs to batteryLevel.");
    case "vehicle":
      return t("“vehicle” must be the name of a configured car, or its id.");
    case "name":
      return t("“name” must be a text of at most {0} characters.", 60);
  }
}
