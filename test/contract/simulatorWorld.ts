import { SimulatedVolvo, type SimulatedVolvoOptions, defaultApiKey } from "../../src/simulator/simulatedVolvo";
import { type SimulatorServer, startSimulatorServer } from "../../src/simulator/server";
import type { PathKind } from "../../src/simulator/route";
import { FakeClock } from "../support/fakeClock";

export const vin = "YV1S1MEX30A000001";
export const otherVin = "YV1S1MEX90A000002";
export const strangersVin = "YV1S1MEC40A000003";

export const redirectUri = "http://localhost:17455/callback";
export const verifier = "a-verifier-of-at-least-forty-three-characters-in-all";
/** SHA-256 of {@link verifier}, base64url. */
export const challenge = "RDUzzyZDshWdh1NjEiYbs7cmFE5AV1hxBpr8vrwUqKM";
export const scope = "openid conve:vehicle_relation energy:state:read";

export const v1Connection = `/energy/v1/vehicles/${vin}/recharge-status/charging-connection-status`;
export const v1Status = `/energy/v1/vehicles/${vin}/recharge-status`;
export const v2State = `/energy/v2/vehicles/${vin}/state`;
export const capabilities = `/energy/v2/vehicles/${vin}/capabilities`;
export const carList = "/connected-vehicle/v2/vehicles";
export const carDetails = `/connected-vehicle/v2/vehicles/${vin}`;

/** A simulated Volvo behind a real socket, on a fake clock. */
export class SimulatorWorld {
  readonly accessToken: string;

  private constructor(
    readonly clock: FakeClock,
    readonly volvo: SimulatedVolvo,
    private readonly server: SimulatorServer,
  ) {
    this.accessToken = volvo.issueTestToken().value;
  }

  static async start(options: SimulatedVolvoOptions = {}): Promise<SimulatorWorld> {
    const clock = new FakeClock();
    const volvo = new SimulatedVolvo(clock, {
      cars: [
        { vin, model: "EX30", modelYear: 2025, fuelType: "NONE", batteryKwh: 66 },
        { vin: otherVin, model: "EX90", modelYear: 2025 },
        { vin: strangersVin, model: "EC40", modelYear: 2024, owner: "someone-else" },
      ],
      ...options,
    });
    return new SimulatorWorld(clock, volvo, await startSimulatorServer(volvo));
  }

  get origin(): string {
    return this.server.origin;
  }

  close(): Promise<void> {
    return this.server.close();
  }

  /** The headers every API requires, with `changes`; null removes one. */
  headers(changes: Readonly<Record<string, string | null>> = {}): Headers {
    const headers = new Headers({ authorization: `Bearer ${this.accessToken}`, "vcc-api-key": defaultApiKey });
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) headers.delete(name);
      else headers.set(name, value);
    }
    return headers;
  }

  get(path: string, changes?: Readonly<Record<string, string | null>>, signal?: AbortSignal): Promise<Response> {
    return fetch(this.origin + path, {
      headers: this.headers(changes),
      redirect: "manual",
      ...(signal && { signal }),
    });
  }

  async getJson(path: string, changes?: Readonly<Record<string, string | null>>): Promise<unknown> {
    return (await this.get(path, changes)).json();
  }

  authorizePath(changes: Readonly<Record<string, string | null>> = {}): string {
    const query = new URLSearchParams({
      client_id: this.volvo.volvoId.options.clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope,
      state: "the-state",
      code_challenge: challenge,
      code_challenge_method: "S256",
    });
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    return `/as/authorization.oauth2?${query.toString()}`;
  }

  /** Basic credentials, form-encoded first as RFC 6749 requires. */
  get basic(): string {
    const { clientId, clientSecret } = this.volvo.volvoId.options;
    const encode = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
    return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString("base64")}`;
  }

  post(path: string, form: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Response> {
    return fetch(this.origin + path, {
      method: "POST",
      headers: { authorization: this.basic },
      body: new URLSearchParams(form),
      redirect: "manual",
      ...(signal && { signal }),
    });
  }

  refresh(refreshToken: string, signal?: AbortSignal): Promise<Response> {
    return this.post("/as/token.oauth2", { grant_type: "refresh_token", refresh_token: refreshToken }, signal);
  }

  /** The code returned by a sign-in without a page. */
  async code(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
    this.volvo.volvoId.decision = "approve";
    const response = await this.get(this.authorizePath(changes));
    return new URL(response.headers.get("location") ?? "").searchParams.get("code") ?? "";
  }

  exchange(code: string, changes: Readonly<Record<string, string>> = {}): Promise<Response> {
    const form = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier };
    return this.post("/as/token.oauth2", { ...form, ...changes });
  }

  /** A request of this kind that succeeds unless a fault is active. */
  ask(kind: PathKind, signal?: AbortSignal): Promise<Response> {
    switch (kind) {
      case "energy-v1":
        return this.get(v1Status, {}, signal);
      case "energy-v2":
        return this.get(v2State, {}, signal);
      case "capabilities":
        return this.get(capabilities, {}, signal);
      case "cars":
        return this.get(carList, {}, signal);
      case "car-details":
        return this.get(carDetails, {}, signal);
      case "authorize":
        this.volvo.volvoId.decision = "approve";
        return this.get(this.authorizePath(), {}, signal);
      case "token":
        return this.refresh(this.volvo.volvoId.signIn().refresh_token, signal);
      case "revoke":
        return this.post("/as/revoke_token.oauth2", { token: "unknown" }, signal);
      case "unrouted":
        return this.get("/nowhere", {}, signal);
    }
  }
}
