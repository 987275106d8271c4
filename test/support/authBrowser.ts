import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { PasteBox, SignInPorts, SignInProgress } from "../../src/auth/signInFlow";
import { listenOnLoopback } from "../../src/auth/loopback";
import { CallbackRelay } from "../../src/auth/callbackRelay";
import { Redactor, redactingLogger } from "../../src/base/log";
import { FakeClock } from "./fakeClock";
import { SecretWorld } from "./authSecrets";

/** A port that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** What a page answers, without following where it redirects. */
export async function visit(url: string): Promise<{ status: number; location: string; text: string }> {
  const response = await fetch(url, { redirect: "manual" });
  return { status: response.status, location: response.headers.get("location") ?? "", text: await response.text() };
}

/** The person and the browser of an attempt to sign in. */
export class SignInScene {
  readonly clock = new FakeClock();
  readonly relay: CallbackRelay;
  readonly progress: SignInProgress[] = [];
  readonly logged: string[] = [];
  readonly redactor = new Redactor();
  /** What the person does with the page. */
  onPage: (url: string, box: PasteBox) => Promise<unknown> = () => Promise.resolve();
  box: PasteBox | undefined;
  isBoxOpen = false;
  /** Whether there is a browser. */
  opens = true;
  private readonly failures: unknown[] = [];

  constructor(readonly secrets = new SecretWorld(this.clock)) {
    const write = (message: string) => void this.logged.push(message);
    const log = { trace: write, debug: write, info: write, warn: write, error: write };
    this.relay = new CallbackRelay({ secrets: secrets.open(), clock: this.clock, log });
  }

  /** Throws what went wrong on a page: an attempt goes on without its browser, and so would a test. */
  assertPagesWentWell(): void {
    for (const failure of this.failures) throw failure;
  }

  /** Everything of an attempt but Volvo ID itself. */
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
      pages: { title: "Volvo Charging", arrived: "Done & <ready>", refused: "Not yours" },
    };
  }
}
