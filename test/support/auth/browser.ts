import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { PasteBox, SignInPorts, SignInProgress } from "../../../src/auth/signInFlow";
import { listenOnLoopback } from "../../../src/auth/loopback";
import { CallbackRelay } from "../../../src/auth/callbackRelay";
import { type Logger, redactingLogger } from "../../../src/base/log";
import { Redactor } from "../../../src/base/redactor";
import { FakeClock } from "../fakeClock";
import { SecretWorld } from "./secrets";
import { MemoryDisk } from "../disk/memoryFolder";

/** A currently free port. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** The answer of a page, without following redirects. */
export async function visit(url: string): Promise<{ status: number; location: string; text: string }> {
  const response = await fetch(url, { redirect: "manual" });
  return { status: response.status, location: response.headers.get("location") ?? "", text: await response.text() };
}

/** The user and the browser of a sign-in attempt. */
export class SignInScene {
  readonly clock = new FakeClock();
  readonly relay: CallbackRelay;
  readonly disk = new MemoryDisk();
  readonly folder = this.disk.open("refresh");
  readonly progress: SignInProgress[] = [];
  readonly logged: string[] = [];
  readonly redactor = new Redactor();
  /** The user's action on the page. */
  onPage: (url: string, box: PasteBox) => Promise<unknown> = () => Promise.resolve();
  box: PasteBox | undefined;
  isBoxOpen = false;
  /** False: opening the browser fails. */
  opens = true;
  private readonly failures: unknown[] = [];

  constructor(readonly secrets = new SecretWorld(this.clock)) {
    const write = (message: string) => void this.logged.push(message);
    const log = { trace: write, debug: write, info: write, warn: write, error: write };
    this.relay = this.openRelay(log);
  }

  /** The relay of another window. */
  openRelay(log: Logger): CallbackRelay {
    return new CallbackRelay({ secrets: this.secrets.open(), folder: this.folder, clock: this.clock, log });
  }

  /** Throws the failures on pages. An attempt continues without its browser, so a test would not notice them. */
  assertPagesWentWell(): void {
    for (const failure of this.failures) throw failure;
  }

  /** All ports of an attempt except Volvo ID. */
  ports(): Omit<SignInPorts, "server"> {
    const write = (message: string) => void this.logged.push(message);
    return {
      clock: this.clock,
      log: redactingLogger({ trace: write, debug: write, info: write, warn: write, error: write }, this.redactor),
      redactor: this.redactor,
      relay: this.relay,
      listen: listenOnLoopback,
      openBrowser: async (url) => {
        try {
          if (this.box) await this.onPage(url, this.box);
        } catch (error) {
          this.failures.push(error);
        }
        if (!this.opens) throw new Error("no browser");
      },
      showPasteBox: (box) => {
        this.box = box;
        this.isBoxOpen = true;
        return { dispose: () => (this.isBoxOpen = false) };
      },
      onProgress: (progress) => void this.progress.push(progress),
      pages: { title: "Volvo Charging", language: "en", arrived: "Done & <ready>", refused: "Not yours" },
    };
  }
}
