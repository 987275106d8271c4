import { hasApiKey, sessionProblem, type SessionState } from "../auth/sessionState";
import type { Clock } from "../base/clock";
import type { Core } from "../core/core";
import { type ConnectionResult, connectionResult } from "./resultText";
import type { Locale } from "../present/times";
import { settingsProblem, viewStateOf } from "../present/viewState";
import { connectionReport } from "./report";
import type { ConnectionEvidence } from "./row";
import { createEvidenceTaker } from "./evidence";

/** Tests each part of the connection. Rejects only if `signal` aborts. */
export type TestConnection = (signal: AbortSignal) => Promise<ConnectionResult>;

/** Creates the test of `core`'s connection, with its result in the language of `locale`. */
export function createConnectionTest(
  core: Pick<Core, "session" | "carStore" | "settings" | "client" | "polling" | "turns" | "isDemo">,
  clock: Clock,
  locale: Locale,
): TestConnection {
  const { session, carStore, settings, client, polling, turns } = core;

  const takeEvidence = createEvidenceTaker({
    clock,
    client,
    carStore,
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
