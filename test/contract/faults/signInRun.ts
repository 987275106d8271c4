import type { PasteBox } from "../../../src/auth/signInFlow";
import { returnLimitMs } from "../../../src/auth/signInFlow";
import { minuteMs, secondMs } from "../../../src/base/clock";
import { Redactor } from "../../../src/base/log";
import { signInFailureText, signInWayTitle } from "../../../src/present/accountText";
import { listText } from "../../../src/present/listText";
import { connectVolvoId } from "../../../src/volvoIdConnection";
import { type FaultName, faults } from "../../../src/simulator/faults/faults";
import { simulatorFetch } from "../../../src/simulator/simulatorFetch";
import { listCars } from "../../../src/sync/carList";
import { issuer } from "../../support/authWorld";
import { settle } from "../../support/fakeClock";
import { ProductWorld } from "../../support/productWorld";
import type { SignInCase } from "./signInRows";

const vin = "YV1S1MEX30A000001";
const redirectUri = "https://example.com/done";
const scopes = ["openid", "conve:vehicle_relation", "energy:state:read"];
const locale = { language: "en", timeZone: "UTC" };
const cars = [{ vin, model: "EX30", modelYear: 2025 }];

function worldWith(): ProductWorld {
  return new ProductWorld({ cars, settings: { vehicles: [] }, volvoId: { redirectUris: [redirectUri] } });
}

/** What a person is told who approves of everything and pastes back whatever the browser shows. */
export async function signInMessage({ fault, at }: SignInCase): Promise<{ sentence: string; offered: string }> {
  const { auth } = worldWith();
  const { volvo, clock, log } = auth;
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
    pages: { title: "", arrived: "", refused: "" },
  };
  const options = { client: { issuer, clientId, clientSecret }, redirectUri, scopes };
  const { signal } = new AbortController();
  const attempt = connectVolvoId({ fetch: request, clock, redactor: new Redactor(), log }).signIn(
    host,
    options,
    signal,
  );
  let isOver = false as boolean;
  void attempt.finally(() => (isOver = true));
  for (const end = clock.now() + returnLimitMs + minuteMs; !isOver && clock.now() < end;) {
    // Web Crypto works beside the event loop: time must not pass before there is an address to open.
    while (!box) await settle();
    await settle();
    await clock.advance(10 * secondMs);
  }
  const result = await attempt;
  if (result.kind !== "failed") throw new Error(`The sign-in is ${result.kind}`);
  const { sentence, ways } = signInFailureText(result.failure, redirectUri, clock.now(), locale);
  return { sentence, offered: ways[0] ? signInWayTitle(ways[0]) : "" };
}

/** What "Find My Vehicles" has to say. */
export async function listMessage(fault: FaultName): Promise<string> {
  const { auth, core } = worldWith();
  await core.session.reload();
  for (const kind of ["cars", "car-details"] as const) {
    if (faults[fault].kinds.some((possible) => possible === kind)) auth.volvo.faults.inject({ name: fault, kind });
  }
  const { signal } = new AbortController();
  const list = await auth.after(listCars(await core.client(), core.garage, auth.clock.now(), signal));
  if (list.kind !== "found") return listText(list, auth.clock.now(), locale).sentence;
  return list.cars.map(({ model }) => `${model?.model ?? ""} ${model?.year ?? ""}`).join(", ") || "no car";
}
