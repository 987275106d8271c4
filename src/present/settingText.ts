import { t } from "@vscode/l10n";
import { section } from "../contributions";
import type { SettingFault } from "../settings/settings";

/** The error in a setting, as a sentence for people. */
export function settingFaultText(fault: SettingFault): string {
  const name = `${section}.${fault.key}`;
  if (fault.key === "auth.issuer" && fault.kind !== "wrongType") return signInAddressText(name);
  switch (fault.kind) {
    case "wrongType":
      return t("The setting {0} has a value of the wrong type; the default is used.", name);
    case "outOfRange":
      return t("The setting {0} is out of range; {1} is used.", name, fault.used);
    case "notAVin":
      return t("Entry {0} in {1} isn't a valid VIN, so it's ignored.", fault.entry, name);
    case "notATime":
      return t("The setting {0} is not a time of day such as 21:30; there is no reminder.", name);
    case "insecureUrl":
      return t("The setting {0} must use https (http is for this computer only). Nothing is requested.", name);
    case "notAUrl":
      return t("The setting {0} is not a usable https address. Nothing is requested.", name);
    case "notARedirectUri":
      return signInAddressText(name);
    case "automation":
      return fault.text;
  }
}

function signInAddressText(name: string): string {
  return t("The setting {0} must be https, or http on this computer. Signing in is not possible.", name);
}
