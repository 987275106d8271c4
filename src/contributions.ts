/** Every id in package.json, and the settings with their defaults. A test compares both files in both directions. */

export const extensionId = "chargeglance.volvo-charging-status";

export const section = "volvoCharging";

export const commandNames = [
  "connect",
  "refresh",
  "refreshVehicle",
  "setApiKey",
  "setAccessToken",
  "signIn",
  "signOut",
  "addVehicle",
  "findVehicles",
  "renameVehicle",
  "changeVin",
  "removeVehicle",
  "pinVehicle",
  "unpinVehicle",
  "moveVehicleUp",
  "moveVehicleDown",
  "copyVin",
  "togglePresenterMode",
  "testConnection",
  "pausePolling",
  "resumePolling",
  "watchClosely",
  "openWalkthrough",
  "startDemo",
  "stopDemo",
  "showLog",
  "showDiagnostics",
  "showHistory",
  "exportHistory",
  "deleteHistory",
  "deleteData",
  "openSettings",
  "getStatus",
  "runAutomation",
] as const;

export type CommandName = (typeof commandNames)[number];

export type CommandId = `${typeof section}.${CommandName}`;

export function commandId(name: CommandName): CommandId {
  return `${section}.${name}`;
}

/** The argument of a command that a keyboard shortcut runs on the selected row of the view. */
export const selectedRow = "selected";

export const viewContainerId = "volvoCharging";
export const viewId = "volvoCharging.vehicles";
/** VS Code adds this command for the view. */
export const focusViewCommand = `${viewId}.focus`;
/** Commands that are not in the manifest. The palette offers the same functions under other names. */
export const internalCommands = {
  /** Runs on a click on the status-bar item if the setting says so. */
  menu: `_${section}.menu`,
  /** Runs VS Code's Reload Window. Links in hovers can run only our own commands. */
  reloadWindow: `_${section}.reloadWindow`,
} as const;

export type InternalCommandName = keyof typeof internalCommands;
/** The web view panel "Charging History". */
export const historyPanelId = "volvoCharging.history";
/** The authentication provider that adds the sign-in to the Accounts menu. */
export const authenticationProvider = { id: "volvo-id", label: "Volvo ID" } as const;
/** The tool that language models call in chats. */
export const statusTool = "get_volvo_charging_status";
export const statusBarItemId = "volvoCharging.status";

/** The walkthrough, and VS Code's command that opens it. */
export const walkthrough = { id: "setUp", openCommand: "workbench.action.openWalkthrough" } as const;

/** Context keys for the welcome views, the visible commands and the completed steps of the walkthrough. */
export const contextKeys = {
  /** The welcome view of an empty tree: a `WelcomeCause`. */
  welcome: "volvoCharging.welcome",
  /** `true` while the demo runs. */
  demo: "volvoCharging.demo",
  /** `true` once the demo has run in this window, even if the walkthrough was not open at that time. */
  demoSeen: "volvoCharging.demoSeen",
  /** `true` while there is an API key that Volvo has accepted. */
  keyWorks: "volvoCharging.keyWorks",
  /** `true` while there is a token that Volvo has accepted, or a sign-in with Volvo ID. */
  signInWorks: "volvoCharging.signInWorks",
  /** `true` while the settings contain a car that has been read. */
  carWasRead: "volvoCharging.carWasRead",
  /** `true` while there is a grant to sign out of. */
  signedIn: "volvoCharging.signedIn",
  /** `true` while the settings contain a car. */
  hasCars: "volvoCharging.hasCars",
  /** `true` while there is history of any car. */
  hasHistory: "volvoCharging.hasHistory",
  /** `true` while checking is paused or the cars are watched closely. */
  canResume: "volvoCharging.canResume",
  /** For the user's own `when` clauses: the connection of the shown car, and whether its reading is out of date. */
  connection: "volvoCharging.connection",
  stale: "volvoCharging.stale",
  /** `true` while any car is plugged in, is charging, or reports a fault. */
  pluggedIn: "volvoCharging.pluggedIn",
  charging: "volvoCharging.charging",
  fault: "volvoCharging.fault",
} as const;

export type WelcomeCause = "none" | "setUp" | "noCar" | "signInEnded" | "secretsLost" | "misconfigured";

export const iconIds = {
  connectedAc: "volvo-charging-ac",
  connectedDc: "volvo-charging-dc",
  connected: "volvo-charging-plugged",
  disconnected: "volvo-charging-unplugged",
  fault: "volvo-charging-fault",
  unknown: "volvo-charging-unknown",
  car: "volvo-charging-car",
} as const;

export const colorIds = {
  connectedAc: "volvoCharging.connectedAc",
  connectedDc: "volvoCharging.connectedDc",
  connected: "volvoCharging.connected",
  disconnected: "volvoCharging.disconnected",
  fault: "volvoCharging.fault",
  unknown: "volvoCharging.unknown",
} as const;

/** The defaults of the settings, by key below {@link section}. */
export const settingDefaults = {
  vehicles: [],
  apiVersion: "auto",
  refreshInterval: 300,
  adaptivePolling: true,
  dailyCallBudget: 5000,
  staleAfter: 12,
  timeFormat: "auto",
  "api.baseUrl": "https://api.volvocars.com",
  "auth.issuer": "https://volvoid.eu.volvocars.com",
  "auth.redirectUri": "http://localhost:17455/callback",
  "auth.scopes": [],
  "statusBar.visibility": "always",
  "statusBar.vehicle": "auto",
  "statusBar.text": "{icon} {name} {state}",
  "statusBar.alignment": "right",
  "statusBar.priority": 100,
  "statusBar.clickAction": "focusView",
  "notifications.fault": true,
  "notifications.connected": false,
  "notifications.disconnected": false,
  "notifications.chargingStarted": false,
  "notifications.chargingInterrupted": false,
  "notifications.chargingDone": false,
  "notifications.pluggedButIdle": false,
  "notifications.batteryLevels": [],
  "reminder.time": "",
  "reminder.belowBatteryLevel": 100,
  "history.enabled": true,
  "history.keepMonths": 24,
  "privacy.showFullVins": false,
  "privacy.presenterMode": false,
  demo: false,
  automations: [],
} as const;

export type SettingKey = keyof typeof settingDefaults;

export const settingKeys = Object.keys(settingDefaults) as SettingKey[];
