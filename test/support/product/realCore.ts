import { limitedFolder } from "../../../src/windows/limitedFolder";
import { CredentialStore, secretKeys } from "../../../src/auth/credentialStore";
import { systemClock } from "../../../src/base/clock";
import { Emitter } from "../../../src/base/event";
import type { StateFolder } from "../../../src/base/folder";
import { redactingLogger } from "../../../src/base/log";
import { Redactor } from "../../../src/base/redactor";
import { type Core, createCore } from "../../../src/core/core";
import { createStateFolder } from "../../../src/host/stateFolder";
import { createStoredMark } from "../../../src/host/credentialsMarker";
import { parseSettings } from "../../../src/settings/settings";
import { createVolvoId } from "../../../src/auth/volvoId";
import type { Fetch } from "../../../src/volvo/transport";
import { SecretWorld } from "../auth/secrets";

export interface RealCoreOptions {
  /** The state folder, like the global storage that VS Code gives an extension. */
  readonly path: string;
  readonly fetch: Fetch;
  readonly settings: Readonly<Record<string, unknown>>;
  /** By their keys in VS Code's secret storage, or a store shared by several windows. */
  readonly secrets: Readonly<Record<string, string>> | SecretWorld;
  readonly redactor?: Redactor;
  /** Replaces the folder on disk. */
  readonly folder?: StateFolder;
  /** Receives every log line, of all levels. */
  readonly onLog?: (level: string, line: string) => void;
}

/** The product without an editor, on real files and the real clock, with heartbeats short enough for a test. */
export class RealCore {
  private constructor(
    readonly core: Core & { start(): void; finish(): Promise<void> },
    readonly redactor: Redactor,
    /** The log at the users' default level and above. */
    readonly lines: readonly string[],
  ) {}

  static open(options: RealCoreOptions): RealCore {
    const clock = systemClock;
    const lines: string[] = [];
    const write = (level: string) => (line: string) => {
      if (level !== "debug" && level !== "trace") lines.push(line);
      options.onLog?.(level, line);
    };
    const redactor = options.redactor ?? new Redactor();
    const sink = { trace: write("trace"), debug: write("debug"), info: write("info"), warn: write("warn") };
    const log = redactingLogger({ ...sink, error: write("error") }, redactor);
    const secrets = worldOf(options.secrets).open();
    const folder = options.folder ?? createStateFolder(options.path);
    const mark = createStoredMark(createStateFolder(options.path), log);
    const settings = parseSettings((key) => options.settings[key]);
    const core = createCore({
      clock,
      log,
      redactor,
      fetch: options.fetch,
      credentials: new CredentialStore({ secrets, mark, clock, redactor }),
      volvoId: createVolvoId({ folder: folder.folder("refresh"), secrets, fetch: options.fetch, clock, redactor, log })
        .ports,
      settings: { current: settings, onDidChange: new Emitter<typeof settings>().event },
      focus: { isFocused: true, lastFocusedAt: () => clock.now(), onDidChange: new Emitter<boolean>().event },
      windows: {
        folder: limitedFolder(folder, clock),
        alive: () => Promise.resolve(),
        isWanted: () => true,
        times: { heartbeatMs: 500, staleMs: 2_000 },
      },
      random: () => 0,
    });
    core.start();
    return new RealCore(core, redactor, lines);
  }

  /** Resolves once `condition` holds. Rejects with the log after `limitMs`. */
  async until(what: string, condition: (core: Core) => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
    const end = Date.now() + limitMs;
    while (!(await condition(this.core))) {
      if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms\n${this.told()}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private told(): string {
    const { carStore, session } = this.core;
    return [JSON.stringify(carStore.current), session.current.kind, ...this.lines].join("\n");
  }

  async close(): Promise<void> {
    await this.core.finish();
    this.core.dispose();
  }
}

function worldOf(secrets: RealCoreOptions["secrets"]): SecretWorld {
  if (secrets instanceof SecretWorld) return secrets;
  const world = new SecretWorld(systemClock);
  for (const [key, value] of Object.entries(secrets)) world.disk.set(key, value);
  return world;
}

/** The secrets stored by a pasted token. */
export function testTokenSecrets(
  origin: string,
  apiKey: string,
  accessToken: string,
): Readonly<Record<string, string>> {
  return {
    [secretKeys.apiKey]: JSON.stringify({ origin, value: apiKey }),
    [secretKeys.grant]: JSON.stringify({ kind: "testToken", origin, accessToken }),
  };
}
