import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import { heapInUse } from "./heap";
import { PolledProduct, settleMs } from "./polledProduct";
import { countedPolls, heapBlocks, type PollConfig, type PollMeasurements, type Way, ways } from "./pollMeasurements";
import { profiled } from "./profile";

const inFlight = 4;
const warmUps = 5;

/**
 * Compares the product's whole path from schedule to painted view with plain requests for the same data, in this host.
 */
export class PollBench {
  private readonly agent = new Agent({ connections: inFlight });
  private readonly run: Readonly<Record<Way, () => Promise<number>>> = {
    product: () => this.product.poll(),
    fetch: () => this.concurrently("fetch", (url) => this.fetched(url)),
    undici: () => this.concurrently("undici", (url) => this.requested(url)),
  };

  private constructor(
    private readonly config: PollConfig,
    private readonly product: PolledProduct,
  ) {}

  static async start(config: PollConfig): Promise<PollBench> {
    const [origin = ""] = config.origins;
    return new PollBench(config, await PolledProduct.start({ ...config, origin }));
  }

  async measure(): Promise<PollMeasurements> {
    const { rounds, profiledRounds } = this.config;
    await this.inTurns(warmUps);
    this.product.folderCalls.counts.clear();
    const { tookMs, cpuMs } = await this.inTurns(rounds);
    const folderCalls = Object.fromEntries(
      [...this.product.folderCalls.counts].map(([name, count]) => [name, count / rounds]),
    );
    const { assigned, assignedAgain } = await this.assignments();
    const heapGrowth: Record<Way, readonly number[]> = { product: [], fetch: [], undici: [] };
    for (const way of ways) heapGrowth[way] = await this.heapGrowth(way);
    const profile = profiledRounds === 0 ? undefined : await profiled(() => this.repeat("product", profiledRounds));
    return { tookMs, cpuMs, heapGrowth, folderCalls, assigned, assignedAgain, profile };
  }

  async close(): Promise<void> {
    await this.product.close();
    await this.agent.close();
  }

  private async inTurns(rounds: number): Promise<Pick<PollMeasurements, "tookMs" | "cpuMs">> {
    const tookMs: Record<Way, number[]> = { product: [], fetch: [], undici: [] };
    const cpuMs: Record<Way, number> = { product: 0, fetch: 0, undici: 0 };
    for (let round = 0; round < rounds; round++) {
      for (const way of ways) {
        const before = process.cpuUsage();
        tookMs[way].push(await this.run[way]());
        await delay(settleMs);
        const { user, system } = process.cpuUsage(before);
        cpuMs[way] += (user + system) / 1000 / rounds;
      }
    }
    return { tookMs, cpuMs };
  }

  private async assignments(): Promise<Pick<PollMeasurements, "assigned" | "assignedAgain">> {
    const { views } = this.product;
    const assigned = await views.countWhile(() => this.repeat("product", countedPolls));
    const assignedAgain = await views.countWhile(async () => {
      for (let paints = 0; paints < countedPolls; paints++) await this.product.paintAgain();
    });
    return { assigned, assignedAgain };
  }

  private async heapGrowth(way: Way): Promise<readonly number[]> {
    const { heapRounds } = this.config;
    const growth: number[] = [];
    if (heapRounds === 0) return growth;
    let before = await heapInUse();
    for (let block = 0; block < heapBlocks; block++) {
      await this.repeat(way, heapRounds);
      const after = await heapInUse();
      growth.push(after - before);
      before = after;
    }
    return growth;
  }

  private async repeat(way: Way, times: number): Promise<void> {
    for (let time = 0; time < times; time++) await this.run[way]();
    await delay(settleMs);
  }

  private async concurrently(way: Way, ask: (url: string) => Promise<unknown>): Promise<number> {
    const { origins, vins } = this.config;
    const origin = origins[ways.indexOf(way)] ?? "";
    const urls = vins.map((vin) => `${origin}/energy/v2/vehicles/${vin}/state`);
    const from = performance.now();
    const work = async () => {
      for (let url = urls.shift(); url !== undefined; url = urls.shift()) await ask(url);
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    return performance.now() - from;
  }

  private get headers(): Record<string, string> {
    const { accessToken, apiKey } = this.config;
    return { accept: "application/json", authorization: `Bearer ${accessToken}`, "vcc-api-key": apiKey };
  }

  private async fetched(url: string): Promise<unknown> {
    return (await fetch(url, { headers: this.headers })).json();
  }

  private async requested(url: string): Promise<unknown> {
    const { body } = await request(url, { headers: this.headers, dispatcher: this.agent });
    return body.json();
  }
}
