import { grantedVersions } from "./auth/scopes";
import type { Session } from "./auth/session";
import { claim } from "./base/claim";
import { type Disposable, DisposableStore } from "./base/disposable";
import type { Vin } from "./charging/vin";
import type { CorePorts, Observable } from "./core";
import type { Settings } from "./settings";
import type { Garage } from "./sync/garage";
import { gatedAuthorizer } from "./sync/gate";
import { claimsFolder, Herald } from "./sync/herald";
import { createLedger } from "./sync/ledger";
import { LonePoller } from "./sync/lonePoller";
import { createNamer } from "./sync/namer";
import type { News } from "./sync/news";
import { NotPermittedError } from "./sync/permission";
import type { Credentials, WindowPolling } from "./sync/polling";
import { remindWhenSet } from "./sync/remindWhenSet";
import { SharedPoller } from "./sync/sharedPoller";
import { type ApiChoice, createVolvoClient, type VolvoClient } from "./volvo/client";
import { createTransport } from "./volvo/transport";

/** What the code that is always loaded gives to the part that asks Volvo. */
export interface OnlinePorts extends CorePorts {
  readonly garage: Garage;
  readonly session: Session;
  /** The garage was told already what was last known. */
  readonly hasShownLast: boolean;
  /** Called for what this of all windows is to tell the user. */
  readonly tell: (news: News) => void;
}

export interface Online extends Disposable {
  readonly polling: WindowPolling;
  readonly client: VolvoClient;
}

/** The bundle of what asks Volvo begins here: loaded once there is something to ask for. */
export function createOnline(ports: OnlinePorts): Online {
  const { clock, log, settings, garage, session, tell } = ports;
  const store = new DisposableStore();
  const transport = createTransport({
    fetch: ports.fetch,
    clock,
    log,
    authorizer: gatedAuthorizer(session, permit),
    baseUrl: () => settings.current.baseUrl ?? "",
  });
  const client = createVolvoClient({
    transport,
    clock,
    log,
    redactor: ports.redactor,
    choice: () => apiChoice(settings.current, session),
    memory: {
      get: () => garage.current.account.workingVersion,
      set: (workingVersion) => garage.versionFound(workingVersion),
    },
  });
  store.add(forgetVersionAtChange(settings, garage));
  const credentials: Credentials = {
    get current() {
      const { current } = session;
      return current.kind === "ready" && settings.current.baseUrl !== undefined ? current.credentials : undefined;
    },
    get isSignedOut() {
      return session.current.kind === "incomplete";
    },
    reload: () => session.reload(),
  };
  const { focus, random, windows, hasShownLast } = ports;
  const pollerPorts = { clock, client, garage, log, settings: () => settings.current, focus, random, credentials };
  const polling: WindowPolling = store.add(
    windows ? new SharedPoller({ ...pollerPorts, ...windows, hasShownLast }) : new LonePoller(pollerPorts),
  );
  if (windows) {
    const { folder, isWanted } = windows;
    const isAlive = () => polling.isAlive();
    const claims = folder.folder(claimsFolder);
    const herald = new Herald({ clock, garage, focus, isWanted, isAlive, claim: ({ id }) => claim(claims, id) });
    store.add(store.add(herald).onDidClaim(tell));
    const refresh = (vins: readonly Vin[]) => polling.refresh(vins);
    const leads = () => polling.leads();
    const reminder = { clock, garage, log, settings, folder: folder.folder("reminders"), leads, refresh };
    if (windows.loadReminder) store.add(remindWhenSet(reminder, windows.loadReminder));
  }
  const ledger = createLedger(windows?.folder.folder("calls"), clock, log);
  async function permit(): Promise<void> {
    await polling.permit();
    const { granted, count } = await ledger.spend(settings.current.dailyCallBudget);
    garage.called(count);
    if (!granted) throw new NotPermittedError("budgetSpent");
  }

  const budget = () => settings.current.dailyCallBudget;
  store.add(createNamer({ ...pollerPorts, poller: polling.poller, dailyCallBudget: budget }));

  return { polling, client, dispose: () => store.dispose() };
}

/** Which version works was found out with these settings. After others it is found out anew, also where these return. */
function forgetVersionAtChange(settings: Observable<Settings>, garage: Garage): Disposable {
  const relevant = ({ apiVersion, baseUrl = "" }: Settings) => `${apiVersion} ${baseUrl}`;
  let before = relevant(settings.current);
  return settings.onDidChange((changed) => {
    if (relevant(changed) === before) return;
    before = relevant(changed);
    garage.updateAccount(({ workingVersion: _, ...account }) => account);
  });
}

function apiChoice(settings: Settings, { current }: Session): ApiChoice {
  const ready = current.kind === "ready" ? current : undefined;
  const scope = [ready?.credentials ?? "", settings.baseUrl ?? "", settings.apiVersion].join(" ");
  const granted = grantedVersions(ready?.account.kind === "volvoId" ? ready.account.scopes : []);
  return { setting: settings.apiVersion, scope, granted, tokenIsForOneApi: ready?.account.kind === "testToken" };
}
