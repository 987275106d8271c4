import { type PasteBox, returnLimitMs } from "../../../src/auth/signInFlow";
import { hourMs, minuteMs, secondMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/redactor";
import { signInFailureText, signInWayTitle } from "../../../src/present/accountText";
import { emptyListText, listText } from "../../../src/present/listText";
import { connectVolvoId } from "../../../src/auth/volvoId";
import { type FaultName, faults } from "../../../src/simulator/faults/faults";
import type { PathKind } from "../../../src/simulator/route";
import { simulatorFetch } from "../../../src/simulator/simulatorFetch";
import { type CarList, listCars } from "../../../src/polling/carList";
import { issuer } from "../../support/auth/world";
import { settle } from "../../support/fakeClock";
import { ProductWorld } from "../../support/product/productWorld";
import { type Aftermath, nothingChanged, type SignInCase } from "./signInRows";

const vin = "YV1S1MEX30A000001";
const redirectUri = "https://example.com/done";
const scopes = ["openid", "conve:vehicle_relation", "energy:state:read"];
const locale = { language: "en", timeZone: "UTC" };
const cars = [{ vin, model: "EX30", modelYear: 2025 }];

/** A car that is read with a test token, before its owner signs in or looks for cars. */
class World extends ProductWorld {
  static async open(): Promise<World> {
    const vehicles = [{ vin, name: "EX30" }];
    const world = new World({ cars, settings: { vehicles }, volvoId: { redirectUris: [redirectUri] } });
    world.core.start();
    await world.auth.clock.advance(minuteMs);
    return world;
  }

  /** The state two hours after requests of `kinds` have failed. */
  async aftermath(before: string, kinds: readonly PathKind[]): Promise<Aftermath> {
    const { clock, volvo } = this.auth;
    const asked = () => volvo.requests.all.filter(({ kind }) => kinds.includes(kind)).length;
    const count = asked();
    await clock.advance(2 * hourMs);
    this.core.dispose();
    return {
      kept: this.whatIsThere === before ? nothingChanged.kept : `${this.whatIsThere} instead of ${before}`,
      next: asked() === count ? nothingChanged.next : "by itself",
    };
  }

  /** Everything that a failure could remove. */
  get whatIsThere(): string {
    const { cars } = this.core.carStore.current;
    const known = cars.map(({ reading, problem, ...car }) => [car.vin, car.name, reading?.connection, problem]);
    return JSON.stringify([[...this.auth.secrets.disk], known, this.core.session.current]);
  }
}

/** The message, and the kept data, after a user approves everything and pastes back each address the browser shows. */
export async function signInOutcome({
  fault,
  at,
}: SignInCase): Promise<{ sentence: string; offered: string } & Aftermath> {
  const world = await World.open();
  const before = world.whatIsThere;
  const { volvo, clock, log } = world.auth;
  volvo.volvoId.decision = "approve";
  volvo.faults.inject({ name: fault, kind: at });
  const request = simulatorFetch(volvo);
  const { clientId, clientSecret } = volvo.volvoId.options;
  let box: PasteBox | undefined;
  const host = {
    relay: { expect: () => ({ dispose: () => undefined }) },
    openBrowser: async (url: string) => {
      const response = await request(url, { redirect: "manual" });
      box?.offer(response.headers.get("location") ?? "");
    },
    showPasteBox: (shown: PasteBox) => {
      box = shown;
      return { dispose: () => undefined };
    },
    onProgress: () => undefined,
    pages: { title: "", language: "en", arrived: "", refused: "" },
  };
  const options = { client: { issuer, clientId, clientSecret }, redirectUri, scopes, storedAs: () => undefined };
  const { signal } = new AbortController();
  const attempt = connectVolvoId({ fetch: request, clock, redactor: new Redactor(), log }).signIn(
    host,
    options,
    signal,
  );
  let isOver = false as boolean;
  void attempt.finally(() => (isOver = true));
  for (const end = clock.now() + returnLimitMs + minuteMs; !isOver && clock.now() < end;) {
    // Web Crypto works outside the event loop: time must not advance before there is an address to open.
    while (!box) await settle();
    await settle();
    await clock.advance(10 * secondMs);
  }
  const result = await attempt;
  if (result.kind !== "failed") throw new Error(`The sign-in is ${result.kind}`);
  const { sentence, ways } = signInFailureText(result.failure, redirectUri, clock.now(), locale);
  const offered = ways[0] ? signInWayTitle(ways[0]) : "";
  return { sentence, offered, ...(await world.aftermath(before, ["authorize", "token"])) };
}

/** The message of "Find My Vehicles", or the cars that it finds, and the kept data. */
export async function listOutcome(fault: FaultName): Promise<{ found: string } & Aftermath> {
  const world = await World.open();
  const before = world.whatIsThere;
  const { auth, core } = world;
  for (const kind of ["cars", "car-details"] as const) {
    if (faults[fault].kinds.some((possible) => possible === kind)) auth.volvo.faults.inject({ name: fault, kind });
  }
  const { signal } = new AbortController();
  const { client, carStore, turns } = core;
  const list = await auth.after(listCars({ client, carStore, turns, clock: auth.clock }, signal));
  const found = foundText(list, auth.clock.now());
  return { found, ...(await world.aftermath(before, ["cars", "car-details"])) };
}

function foundText(list: CarList, now: number): string {
  if (list.kind !== "found") return listText(list, now, locale).sentence;
  if (list.cars.length === 0) return emptyListText();
  return list.cars.map(({ model }) => `${model?.model ?? ""} ${model?.year ?? ""}`).join(", ");
}
