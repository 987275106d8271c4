import { hasApiKey, sessionProblem, type SessionState } from "./auth/sessionState";
import type { Clock } from "./base/clock";
import type { Core } from "./core";
import { type ConnectionResult, connectionResult } from "./present/connectionTestText";
import type { Locale } from "./present/times";
import { settingsProblem, viewStateOf } from "./present/viewState";
import { connectionReport } from "./sync/connectionReport";
import type { ConnectionEvidence } from "./sync/connectionRow";
import { createEvidenceTaker } from "./sync/connectionEvidence";

/** Tries the connection and says what works. Rejects only when `signal` aborts. */
export type TestConnection = (signal: AbortSignal) => Promise<ConnectionResult>;

/** The test of `core`'s connection, told in the language of `locale`. */
export function createConnectionTest(
  core: Pick<Core, "session" | "garage" | "settings" | "client" | "polling" | "turns" | "isDemo">,
  clock: Clock,
  locale: Locale,
): TestConnection {
  const { session, garage, settings, client, polling, turns } = core;

  const takeEvidence = createEvidenceTaker({
    clock,
    client,
    garage,
    polling,
    turns,
    obstacle: () =>
      settingsProblem({ settings: settings.current, session: session.current }) ?? sessionProblem(session.current),
    credentials: () => (session.current.kind === "ready" ? session.current.credentials : undefined),
    hasApiKey: () => hasApiKey(session.current),
    grant: () => grantOf(session.current),
  });

  return async (signal) => {
    await session.reload();
    return connectionResult(connectionReport(await takeEvidence(signal)), viewStateOf(core, clock.now(), locale));
  };
}

function grantOf(state: SessionState): ConnectionEvidence["grant"] {
  return state.kind === "ready" || state.kind === "stopped" ? state.account.kind : "none";
}
