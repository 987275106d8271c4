import { type Clock, minuteMs, secondMs, sleep } from "../base/clock";
import { errorText } from "../base/log";
import type { Turn } from "../base/turn";
import type { Problem } from "../charging/problem";
import { endedGrant, type EndedVolvoIdGrant, isFresh, type VolvoIdGrant } from "./credentials";
import type { CredentialStore } from "./credentialStore";
import type { GenerationFence } from "./generationFence";
import type { TokenAnswer } from "./tokenAnswer";
import { type RevocationPorts, revoke, type TokenOutcome } from "./tokenEndpoint";

export interface RenewalPorts extends RevocationPorts {
  readonly store: Pick<CredentialStore, "load" | "saveGrant">;
  readonly fence: GenerationFence;
  readonly clock: Clock;
  /** When this window read the secrets for the first time (ms). */
  readonly openedAt: number;
  /** No window has asked for so long that none can be the one with a newer sign-in. */
  readonly isQuiet: () => boolean;
}

export type RenewalOutcome =
  /** The newest grant, renewed by this window or another. Its access token is missing where Volvo's answer had none. */
  | { readonly kind: "renewed"; readonly grant: VolvoIdGrant }
  | { readonly kind: "ended"; readonly grant: EndedVolvoIdGrant }
  /** What is stored is another grant now, or none. */
  | { readonly kind: "replaced" }
  /** A newer generation exists and this window is not given it. */
  | { readonly kind: "elsewhere" }
  /** A newer generation existed that no window has any more, and the one before has ended. */
  | { readonly kind: "lost"; readonly cause: "signInEnded" | "signedInElsewhere" }
  /** Nothing is known to have changed. */
  | { readonly kind: "failed"; readonly problem: Problem };

/** Secrets reach other windows with this delay at the most; VS Code writes them down every 100 ms. */
const arrivalLimitMs = 2 * secondMs;
const lookAgainMs = 100;
/** A window that was opened so long after a generation was stored has that in its copy of the secrets, also on the web. */
const spreadLimitMs = minuteMs;
const saveAttempts = 3;
/** Each but the last ends with another window having stored a newer sign-in meanwhile. */
const mostRounds = 3;

/**
 * Gets an access token newer than `refused`, or a fresh one where none was refused: the one that another window has
 * stored, or one from Volvo. `known` is the grant this window holds. Never rejects.
 *
 * Volvo ID replaces the refresh token at every use and the old one dies at once. So only the window that has the turn
 * may present it, and only from a copy of the secrets that is not older than the fence.
 */
export async function renewGrant(
  ports: RenewalPorts,
  turn: Turn,
  known: VolvoIdGrant,
  refused?: string,
): Promise<RenewalOutcome> {
  if (!turn.isExclusive) return failed({ kind: "secretsUnavailable", cause: "noFolder" });
  try {
    return await new Renewal(ports, turn).run(known, refused);
  } catch (error) {
    ports.log.error(`The sign-in could not be renewed: ${errorText(error)}`);
    return failed({ kind: "secretsUnavailable", cause: "noAnswer" });
  }
}

/** A renewal in one turn. */
class Renewal {
  constructor(
    private readonly ports: RenewalPorts,
    private readonly turn: Turn,
  ) {}

  async run(known: VolvoIdGrant, refused?: string): Promise<RenewalOutcome> {
    const { clock, log } = this.ports;
    let before = known;
    for (let round = 0; round < mostRounds; round++) {
      const newest = await this.newest(before);
      if (!("grant" in newest)) return newest;
      const { grant } = newest;
      const isLost = newest.kind === "lost";
      if (!isLost && isFresh(grant, clock.now()) && grant.accessToken !== refused) return { kind: "renewed", grant };
      const outcome = await this.present(grant);
      switch (outcome.kind) {
        case "tokens":
          return this.keep(grant, outcome.tokens);
        case "noAnswer":
          log.warn(`Volvo ID did not renew the sign-in: ${outcome.note}`);
          return failed(outcome.problem);
        case "refused":
          log.warn(`Volvo ID refused to renew the sign-in: ${outcome.error} ${outcome.description}`);
          // The refresh token may be as good as before: applications have been refused by mistake.
          if (outcome.error === "invalid_client") return failed({ kind: "clientRefused" });
          if (outcome.error !== "invalid_grant") return failed({ kind: "clientBlocked" });
          if (isLost)
            return { kind: "lost", cause: (await this.hasNewestCopy()) ? "signInEnded" : "signedInElsewhere" };
          if (!(await this.isOutdated(grant))) return this.end(grant);
          before = grant;
      }
    }
    return failed({ kind: "timeout" });
  }

  /**
   * What is stored and not older than the fence; waits for it as long as it may be on its way. Where that never arrives,
   * the fence may be wrong (restored files, a broken disk): then the stored sign-in counts as that generation, and Volvo
   * decides.
   */
  private async newest(
    known: VolvoIdGrant,
  ): Promise<
    { readonly kind: "found" | "lost"; readonly grant: VolvoIdGrant } | { readonly kind: "replaced" | "elsewhere" }
  > {
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const [{ grant: stored }, fence] = await this.look();
      if (stored?.kind !== "volvoId" || stored.signInId !== known.signInId) return { kind: "replaced" };
      // A grant that this window could not store is newer than the stored one.
      const grant = stored.generation < known.generation ? known : stored;
      if (grant.generation >= fence) return { kind: "found", grant };
      if (waitedMs >= arrivalLimitMs) {
        this.ports.log.warn(
          `The sign-in of this window is number ${grant.generation}, and there was a number ${fence}`,
        );
        return (await this.isLost()) ? { kind: "lost", grant: { ...grant, generation: fence } } : { kind: "elsewhere" };
      }
      await sleep(this.ports.clock, lookAgainMs);
    }
  }

  private async isLost(): Promise<boolean> {
    return this.ports.isQuiet() || (await this.hasNewestCopy());
  }

  /** Whether this window was opened after the newest generation was stored, and so would have it if it had been kept. */
  private async hasNewestCopy(): Promise<boolean> {
    const writtenAt = await this.ports.fence.writtenAt();
    return writtenAt > 0 && writtenAt + spreadLimitMs < this.ports.openedAt;
  }

  /** Whether a newer one exists than the one that was presented: the refusal then says nothing about the sign-in. */
  private async isOutdated(presented: VolvoIdGrant): Promise<boolean> {
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const [{ grant }, fence] = await this.look();
      const isSame = grant?.kind === "volvoId" && grant.signInId === presented.signInId;
      if (!isSame || grant.generation > presented.generation || fence > presented.generation) return true;
      if (waitedMs >= arrivalLimitMs) return false;
      await sleep(this.ports.clock, lookAgainMs);
    }
  }

  private look() {
    return Promise.all([this.ports.store.load(), this.ports.fence.read()]);
  }

  /** A lost answer is asked for once more: there is nothing to lose, and some servers bear with it for a moment. */
  private async present(grant: VolvoIdGrant): Promise<TokenOutcome> {
    const { endpoint } = this.ports;
    if (!(await this.turn.isHeld())) {
      return { kind: "noAnswer", problem: { kind: "timeout" }, mayHaveArrived: false, note: "the lock was lost" };
    }
    const first = await endpoint.refresh(grant, grant.refreshToken);
    if (first.kind !== "noAnswer" || !first.mayHaveArrived) return first;
    this.ports.log.warn(`The answer of Volvo ID was lost (${first.note}); asking once more`);
    return (await this.turn.isHeld()) ? endpoint.refresh(grant, grant.refreshToken) : first;
  }

  /** From here on the tokens in hand are the only good ones: they are stored, unless the user wants another grant. */
  private async keep(grant: VolvoIdGrant, tokens: TokenAnswer): Promise<RenewalOutcome> {
    const now = this.ports.clock.now();
    const renewed: VolvoIdGrant = {
      ...grant,
      generation: grant.generation + 1,
      accessToken: tokens.accessToken ?? "",
      expiresAt: tokens.accessToken === undefined ? 0 : now + tokens.lifetimeMs,
      refreshToken: tokens.refreshToken ?? grant.refreshToken,
      refreshedAt: now,
      scopes: tokens.scopes ?? grant.scopes,
      label: tokens.label === "" ? grant.label : tokens.label,
    };
    const next = (await this.turn.isHeld()) ? renewed : await this.afterTakeover(renewed);
    if (!next) {
      // The user has signed out of it, with a token that was dead by then.
      void revoke(this.ports, renewed, renewed.refreshToken);
      return { kind: "replaced" };
    }
    await this.store(next);
    return { kind: "renewed", grant: next };
  }

  /**
   * The lock was lost while the answer was on its way: this process stood still, or the user wanted something and did
   * not wait. The next token is here, also where another window has presented the same one; only another sign-in, a
   * test token or none takes precedence. What the fence announces may still be on its way to this window.
   */
  private async afterTakeover(renewed: VolvoIdGrant): Promise<VolvoIdGrant | undefined> {
    const { store, clock } = this.ports;
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const [grant, fence] = await Promise.all([
        store.load().then(
          (stored) => stored.grant,
          () => renewed,
        ),
        this.ports.fence.read().catch(() => 0),
      ]);
      if (!grant || !("signInId" in grant) || grant.signInId !== renewed.signInId) return undefined;
      if (grant.generation >= fence || waitedMs >= arrivalLimitMs) {
        return { ...renewed, generation: Math.max(renewed.generation, grant.generation + 1, fence + 1) };
      }
      await sleep(clock, lookAgainMs);
    }
  }

  private async end(grant: VolvoIdGrant): Promise<RenewalOutcome> {
    if (!(await this.turn.isHeld()) && (await this.isOutdated(grant))) return { kind: "replaced" };
    const ended = endedGrant(grant, grant.generation + 1);
    await this.store(ended);
    return { kind: "ended", grant: ended };
  }

  /** Never rejects: this window keeps a grant that could not be stored. */
  private async store(grant: VolvoIdGrant | EndedVolvoIdGrant): Promise<void> {
    const { fence, log } = this.ports;
    this.turn.secretStored();
    // Both at once: with the secret alone, a window that cannot see it would present the dead token of its own copy.
    const [saved, raised] = await Promise.allSettled([this.save(grant), fence.write(grant.generation)]);
    if (saved.status === "rejected") log.error(`The renewed sign-in is not stored: ${errorText(saved.reason)}`);
    if (raised.status === "rejected") log.warn(`The generation could not be written: ${errorText(raised.reason)}`);
  }

  private async save(grant: VolvoIdGrant | EndedVolvoIdGrant): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.ports.store.saveGrant(grant);
        return;
      } catch (error) {
        if (attempt === saveAttempts) throw error;
        await sleep(this.ports.clock, secondMs);
      }
    }
  }
}

function failed(problem: Problem): RenewalOutcome {
  return { kind: "failed", problem };
}
