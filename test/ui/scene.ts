import assert from "node:assert/strict";
import { extensionId, statusBarItemId, viewContainerId } from "../../src/contributions";
import { systemClock } from "../../src/base/clock";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import { defaultApiKey, SimulatedVolvo, type SimulatedVolvoOptions } from "../../src/simulator/simulatedVolvo";
import { minimumGapMs } from "../../src/polling/schedule";
import type { StatusBarItem } from "../../scripts/headless/ui/statusBar";
import type { WalkthroughStep } from "../../scripts/headless/ui/walkthrough";
import type { TreeView } from "../../scripts/headless/ui/treeView";
import type { Workbench } from "../../scripts/headless/workbench";
import type { VSCodeVersion } from "../../scripts/headless/install";

/** The VS Code version that the ui tests run on. */
export const uiVersion = (process.env["VSCODE_VERSION"] ?? "1.139") as VSCodeVersion;

export const itemId = `${extensionId}.${statusBarItemId}`;
export const containerTitle = "Volvo Charging";
export const apiKey = defaultApiKey;

/** Made-up VINs of the right form. */
export const vins = ["YV1TEST0000000001", "YV1TEST0000000002", "YV1TEST0000000003"] as const;
export const [vin] = vins;

/** A simulated Volvo behind a real socket, in real time, for the extension host under test. */
export class SimulatorScene {
  private constructor(
    readonly volvo: SimulatedVolvo,
    private readonly server: SimulatorServer,
  ) {}

  static async start(options: SimulatedVolvoOptions = {}): Promise<SimulatorScene> {
    const cars = vins.map((car, index) => ({
      vin: car,
      model: ["EX30", "EX90", "EC40"][index] ?? "EX30",
      modelYear: 2024,
    }));
    const volvo = new SimulatedVolvo(systemClock, { cars, ...options });
    return new SimulatorScene(volvo, await startSimulatorServer(volvo));
  }

  get origin(): string {
    return this.server.origin;
  }

  /** Settings that point the extension here. */
  get settings(): Readonly<Record<string, unknown>> {
    return { "volvoCharging.api.baseUrl": this.origin };
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

/** Waits until the product may check all cars again, which it does at most every ten seconds. */
export async function untilAskable({ volvo }: Pick<SimulatorScene, "volvo">): Promise<void> {
  for (;;) {
    const last = Math.max(0, ...volvo.requests.all.map(({ at }) => at));
    const wait = last + minimumGapMs + 1_500 - Date.now();
    if (wait <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Resolves when `condition` holds. Rejects after `limitMs`. For effects outside the window. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMs = 20_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The extension as a person sees it in one window. */
export class Product {
  readonly item: StatusBarItem;
  readonly tree: TreeView;

  constructor(readonly workbench: Workbench) {
    this.item = workbench.statusBarItem(itemId);
    this.tree = workbench.treeView(viewContainerId);
  }

  async openView(): Promise<void> {
    await this.workbench.activityBar.open(containerTitle);
  }

  /** Runs one of the extension's commands from the palette. */
  async run(title: string): Promise<void> {
    await this.workbench.run(`Volvo Charging: ${title}`);
  }

  /** Opens the walkthrough with as many attempts as VS Code needs: 1.104 first shows its own in a new profile. */
  async openWalkthrough(open: () => Promise<void>): Promise<readonly WalkthroughStep[]> {
    const { walkthrough } = this.workbench;
    await open();
    const steps = await walkthrough.waitFor();
    if (steps.some(({ id }) => id === "demo") || uiVersion !== "1.104") return steps;
    await open();
    return await walkthrough.waitFor((all) => all.some(({ id }) => id === "demo"));
  }

  /** Pastes key and token into the product's boxes, and the VIN if one is given. */
  async connectByHand(token: string, car?: string, key: string = apiKey): Promise<void> {
    await this.run("Connect My Car…");
    await this.chooseTestToken();
    const { quickInput } = this.workbench;
    await quickInput.waitFor((state) => state.placeholder === "VCC API key");
    assert.ok(await quickInput.isPassword(), "the key is typed unseen");
    await quickInput.answer(key);
    await quickInput.waitFor((state) => state.placeholder === "Test access token");
    assert.ok(await quickInput.isPassword(), "the token is typed unseen");
    await quickInput.answer(token);
    if (car === undefined) return;
    await quickInput.waitFor((state) => state.placeholder.startsWith("VIN"));
    await quickInput.answer(car);
  }

  /** `connect` asks for the kind of connection if there is more than one. */
  private async chooseTestToken(): Promise<void> {
    const { quickInput } = this.workbench;
    const { items } = await quickInput.waitFor((state) => state.title !== "" || state.items.length > 0);
    const door = items.find(({ label }) => /test token/i.test(label));
    if (door) await quickInput.pick(door.label);
  }
}
