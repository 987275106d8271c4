import { type Clock, sleep } from "../../../src/base/clock";

/** The current behavior of Volvo's service. */
export type Weather =
  | { readonly kind: "fine" }
  | { readonly kind: "offline" }
  | { readonly kind: "silent" }
  | { readonly kind: "broken"; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: "rateLimited"; readonly retryAfter: string | undefined }
  | { readonly kind: "quotaSpent"; readonly replenishedIn: string }
  | { readonly kind: "v2Gone" };

/** A request that left a window. */
export interface ServedRequest {
  /** The time by the user's clock, and as {@link MachineClock.realMs}. */
  readonly at: number;
  readonly realMs: number;
  readonly kind: "reading" | "model";
  readonly vin: string;
  /** The first request of a reading, not its repeat with the other API version. */
  readonly isFirst: boolean;
  readonly from: Sender;
}

/** The window that sent a request: its index among all windows ever opened. */
export interface Sender {
  readonly window: number;
}

export type PlugWord = "AC" | "DC" | "DISCONNECTED" | "FAULT" | "UNKNOWN";

const answers: Readonly<Record<PlugWord, readonly [status: string, type: string, v1: string]>> = {
  AC: ["CONNECTED", "AC", "CONNECTED_AC"],
  DC: ["CONNECTED", "DC", "CONNECTED_DC"],
  DISCONNECTED: ["DISCONNECTED", "NONE", "DISCONNECTED"],
  FAULT: ["FAULT", "NONE", "FAULT"],
  UNKNOWN: ["SOMETHING_NEW", "NONE", "UNSPECIFIED"],
};

/** A minimal Volvo for polling, fast enough for simulated weeks. Records every request of the windows. */
export class WindowsService {
  readonly requests: ServedRequest[] = [];
  /** Kept when a test clears {@link requests}. */
  lastRequest: ServedRequest | undefined;
  /** The time of each car's last reading ({@link MachineClock.realMs}). */
  readonly readAt = new Map<string, number>();
  readonly plugs = new Map<string, PlugWord>();
  /** The answer of each car's last reading. */
  readonly readAs = new Map<string, PlugWord>();
  /** Battery level in percent, by VIN; the answer has none if absent. */
  readonly levels = new Map<string, number>();
  weather: Weather = { kind: "fine" };
  latencyMs = 300;
  onRequest: (request: ServedRequest) => void = () => undefined;

  /** The readings, as `window vin`, whose next request goes to the other API version. */
  private readonly fallingOver = new Set<string>();

  /** The start by Volvo's clock, which stays correct when the user sets the computer's. */
  private readonly startedAt: number;

  constructor(private readonly clock: Clock & { readonly realMs: number }) {
    this.startedAt = clock.now() - clock.realMs;
  }

  /** The time of measurement of the car's last reading, by Volvo's clock (ms). */
  measuredAt(vin: string): number {
    return this.startedAt + (this.readAt.get(vin) ?? 0);
  }

  readonly fetch = async (url: string, init: RequestInit, from: Sender = { window: 0 }): Promise<Response> => {
    const match = /\/(energy\/v[12]|connected-vehicle\/v2)\/vehicles\/(\w+)/.exec(url);
    const [, api = "", vin = ""] = match ?? [];
    const request: ServedRequest = {
      at: this.clock.now(),
      realMs: this.clock.realMs,
      kind: api === "connected-vehicle/v2" ? "model" : "reading",
      vin,
      isFirst: !(this.fallingOver.delete(`${from.window} ${vin}`) && api === "energy/v1"),
      from,
    };
    this.requests.push(request);
    this.lastRequest = request;
    this.onRequest(request);
    const signal = init.signal!;
    const { weather } = this;
    if (weather.kind === "silent") await aborted(signal);
    await Promise.race([sleep(this.clock, this.latencyMs), aborted(signal)]);
    if (weather.kind === "v2Gone" && api === "energy/v2") this.fallingOver.add(`${from.window} ${vin}`);
    return this.answer(api, vin, weather);
  };

  private answer(api: string, vin: string, weather: Weather): Response {
    switch (weather.kind) {
      case "offline":
      case "silent":
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("no route"), { code: "ENETUNREACH" }) });
      case "broken":
        return new Response("<html>", { status: weather.status, headers: retryAfter(weather) });
      case "rateLimited":
        return new Response("{}", { status: 429, headers: retryAfter(weather) });
      case "quotaSpent":
        return new Response(
          `{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in ${weather.replenishedIn}."}`,
          { status: 403 },
        );
      case "v2Gone":
        if (api === "energy/v2") {
          return new Response('{"statusCode":404,"message":"Resource not found"}', { status: 404 });
        }
        break;
      case "fine":
    }
    const [status, type, v1] = answers[this.plugs.get(vin) ?? "AC"];
    const updatedAt = new Date(this.startedAt + this.clock.realMs).toISOString();
    if (api === "connected-vehicle/v2") return json({ data: { modelYear: 2024, descriptions: { model: "EX30" } } });
    this.readAt.set(vin, this.clock.realMs);
    this.readAs.set(vin, this.plugs.get(vin) ?? "AC");
    if (api === "energy/v1") {
      return json({
        data: { chargingConnectionStatus: { value: `CONNECTION_STATUS_${v1}`, timestamp: updatedAt } },
      });
    }
    const member = (value: unknown) => ({ status: "OK", value, updatedAt });
    const level = this.levels.get(vin);
    return json({
      chargerConnectionStatus: member(status),
      chargingType: member(type),
      ...(level !== undefined && { batteryChargeLevel: member(level) }),
    });
  }
}

function retryAfter({ retryAfter: header }: { readonly retryAfter?: string | undefined }): Record<string, string> {
  return header === undefined ? {} : { "retry-after": header };
}

function json(body: unknown): Response {
  return new Response(JSON.stringify(body));
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
