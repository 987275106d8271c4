import { type Clock, minuteMs } from "../base/clock";
import { type Disposable, DisposableStore } from "../base/disposable";
import { errorText, type Logger } from "../base/log";
import type { Redactor } from "../base/redactor";
import type { CallbackRelay } from "./callbackRelay";
import { isLoopback, type LoopbackListener, type LoopbackPages } from "./loopback";
import { type AttemptAnswer, type AttemptOptions, type Offer, SignInAttempt } from "./signInAttempt";
import { revoke } from "./tokenEndpoint";
import { failureOf, presentable, type SignInFailure } from "./signInFailure";
import type { TokenAnswer } from "./tokenAnswer";
import type { VolvoIdServer } from "./volvoIdServer";
import type { NewSignIn } from "./credentials";

export type SignInResult =
  | { readonly kind: "signedIn"; readonly signIn: NewSignIn }
  | { readonly kind: "failed"; readonly failure: SignInFailure }
  /** The page refuses the client ID, and the user wants to correct it. */
  | { readonly kind: "reenterClient" }
  | { readonly kind: "cancelled" };

/** The step of the sign-in that is shown to the user. */
export type SignInProgress = "waiting" | "exchanging";

/** How the answer comes back. Unless this computer is `listening`, the user may have to paste it. */
export type WayBack =
  | { readonly kind: "listening" }
  /** The redirect URI is not an address of this computer. */
  | { readonly kind: "elsewhere" }
  | NonNullable<LoopbackListener["problem"]>;

/** The box for pasting the answer, which is open during the attempt. */
export interface PasteBox {
  /** The address of the sign-in page, for opening it again. */
  readonly url: string;
  /** The address to which the page redirects. It must be registered for the application. */
  readonly redirectUri: string;
  readonly wayBack: WayBack;
  /** Offers a pasted text to the attempt. */
  readonly offer: (text: string) => Offer;
  /** Ends the attempt, since the user wants to correct the client ID. */
  readonly reenterClient: () => void;
  /** Cancels the attempt. */
  readonly cancel: () => void;
}

export interface SignInPorts {
  readonly server: VolvoIdServer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly relay: Pick<CallbackRelay, "expect">;
  readonly listen: (
    redirectUri: string,
    offer: (parameters: URLSearchParams) => Offer,
    pages: LoopbackPages,
  ) => Promise<LoopbackListener>;
  /** Rejects if no browser can be opened. */
  readonly openBrowser: (url: string) => Promise<void>;
  readonly showPasteBox: (box: PasteBox) => Disposable;
  readonly onProgress: (progress: SignInProgress) => void;
  readonly pages: LoopbackPages;
}

/** The time limit of an attempt. Volvo ID's page expires after a few minutes. */
export const returnLimitMs = 10 * minuteMs;

/**
 * Makes one attempt to sign in with Volvo ID: opens the page, takes the first answer from one of three ways back (the port
 * of the redirect URI, VS Code's own addresses, the box), and exchanges it. Stores nothing. Rejects only if one of the
 * ports rejects.
 */
export async function signIn(ports: SignInPorts, options: AttemptOptions, signal: AbortSignal): Promise<SignInResult> {
  const answer = await firstAnswer(ports, options, signal);
  if (answer.kind !== "code" && answer.kind !== "failed") return { kind: answer.kind };
  if (answer.kind === "failed") return { kind: "failed", failure: presentableFailure(answer.failure, ports.redactor) };
  ports.onProgress("exchanging");
  const outcome = await ports.server.exchange(options.client, answer.exchange);
  if (signal.aborted) {
    const token = outcome.kind === "tokens" ? outcome.tokens.refreshToken : undefined;
    if (token !== undefined) void revoke({ endpoint: ports.server, log: ports.log }, options.client, token);
    return { kind: "cancelled" };
  }
  switch (outcome.kind) {
    case "tokens":
      return signedIn(outcome.tokens, options, ports.clock.now());
    case "refused":
      ports.log.warn(`Volvo ID refused the code: ${outcome.error} ${outcome.description}`);
      return { kind: "failed", failure: failureOf(outcome.error, outcome.description, options.scopes) };
    case "noAnswer":
      ports.log.warn(`Volvo ID did not take the code: ${outcome.note}`);
      return { kind: "failed", failure: { kind: "endpointDown", problem: outcome.problem } };
  }
}

async function firstAnswer(
  ports: SignInPorts,
  options: AttemptOptions,
  signal: AbortSignal,
): Promise<AttemptAnswer | { readonly kind: "cancelled" | "reenterClient" }> {
  const waysBack = new DisposableStore();
  try {
    const attempt = await SignInAttempt.begin(options);
    for (const secret of [options.client.clientSecret, attempt.state]) ports.redactor.learn(secret);
    const offer = (parameters: URLSearchParams) => attempt.offer(parameters);
    waysBack.add(ports.relay.expect(attempt.state, offer));
    ports.onProgress("waiting");
    let wayBack: WayBack = { kind: "elsewhere" };
    if (isLoopback(options.redirectUri)) {
      const { problem } = waysBack.add(await ports.listen(options.redirectUri, offer, ports.pages));
      wayBack = problem ?? { kind: "listening" };
    }
    if (signal.aborted) return { kind: "cancelled" };
    return await new Promise((resolve) => {
      const cancel = () => resolve({ kind: "cancelled" });
      signal.addEventListener("abort", cancel, { once: true });
      waysBack.add(
        ports.clock.after(returnLimitMs, () => resolve({ kind: "failed", failure: { kind: "neverReturned" } })),
      );
      void attempt.answer.then(resolve);
      const { url } = attempt;
      waysBack.add(
        ports.showPasteBox({
          url,
          redirectUri: options.redirectUri,
          wayBack,
          offer: (text) => attempt.offerPasted(text),
          reenterClient: () => resolve({ kind: "reenterClient" }),
          cancel,
        }),
      );
      // The user can still open the address from the box.
      ports.openBrowser(url).catch((error: unknown) => {
        ports.log.warn(`The browser could not be opened: ${errorText(error)}`);
      });
    });
  } finally {
    waysBack.dispose();
  }
}

/** Redacts and shortens the texts in an answer from the browser, which can hold anything. */
function presentableFailure(failure: SignInFailure, redactor: Redactor): SignInFailure {
  if (failure.kind !== "refused") return failure;
  const { error, description } = failure;
  return { kind: "refused", error: presentable(error, redactor), description: presentable(description, redactor) };
}

function signedIn(tokens: TokenAnswer, { client, scopes }: AttemptOptions, now: number): SignInResult {
  const { accessToken, refreshToken } = tokens;
  if (refreshToken === undefined) return { kind: "failed", failure: { kind: "noRefreshToken" } };
  const signIn: NewSignIn = {
    signInId: crypto.randomUUID(),
    issuer: client.issuer,
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    accessToken: accessToken ?? "",
    expiresAt: accessToken === undefined ? 0 : now + tokens.lifetimeMs,
    refreshToken,
    refreshedAt: now,
    signedInAt: now,
    scopes: tokens.scopes ?? scopes,
    label: tokens.label,
  };
  return { kind: "signedIn", signIn };
}
