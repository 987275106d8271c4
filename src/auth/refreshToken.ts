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
  /** True if no window has asked for so long that none can have a newer sign-in. */
  readonly isQuiet: () => boolean;
}

export type RenewalOutcome =
  /** The newest grant, renewed by this or another window. Its access token is empty if Volvo's answer had none. */
  | { readonly kind: "renewed"; readonly grant: VolvoIdGrant }
  | { readonly kind: "ended"; readonly grant: EndedVolvoIdGrant }
  /** Another grant is stored now, or none. */
  | { readonly kind: "replaced" }
  /** A newer generation exists that this window cannot read. */
  | { readonly kind: "elsewhere" }
  /** The newest generation is lost, and the one before it has ended. */
  | { readonly kind: "lost"; readonly cause: "signInEnded" | "signedInElsewhere" }
  /** The renewal failed, and as far as is known, nothing has changed. */
  | { readonly kind: "failed"; readonly problem: Problem };

/** Secrets reach other windows within this time. VS Code writes them every 100 ms. */
const arrivalLimitMs = 2 * secondMs;
const lookAgainMs = 100;
/** A window that was opened this long after a generation was stored has it in its copy of the secrets, even on the web. */
const spreadLimitMs = minuteMs;
const saveAttempts = 3;
/** Each round but the last ends because another window has stored a newer sign-in in the meantime. */
const mostRounds = 3;

/**
 * Gets a fresh access token other than `refused`: one that another window has stored, or a new one from Volvo. `known` is
 * this window's grant. Never rejects.
 *
 * Volvo ID replaces the refresh token at every use, and the old one becomes invalid at once. Therefore only the window that
 * has the turn may present it, and only from a copy of the secrets that is not older than the fence.
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
          // The refresh token may still be valid: applications have been refused by mistake.
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
   * The stored grant, which must not be older than the fence. Waits while a newer one may be on its way. If none arrives and
   * no window can have it, the fence may be wrong (restored files, a broken disk). The stored sign-in is then presented
   * as the fence's generation, and Volvo decides.
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
          `This window has generation ${grant.generation} of the sign-in, but generation ${fence} was stored`,
        );
        return (await this.isLost()) ? { kind: "lost", grant: { ...grant, generation: fence } } : { kind: "elsewhere" };
      }
      await sleep(this.ports.clock, lookAgainMs);
    }
  }

  private async isLost(): Promise<boolean> {
    return this.ports.isQuiet() || (await this.hasNewestCopy());
  }

  /** True if this window was opened after the newest generation was stored. It would have read that if VS Code had it. */
  private async hasNewestCopy(): Promise<boolean> {
    const writtenAt = await this.ports.fence.writtenAt();
    return writtenAt > 0 && writtenAt + spreadLimitMs < this.ports.openedAt;
  }

  /** True if there is a newer grant than the presented one. A refusal then says nothing about the sign-in. */
  private async isOutdated(presented: VolvoIdGrant): Promise<boolean> {
    for (let waitedMs = 0; ; waitedMs += lookAgainMs) {
      const [{ grant }, fence] = await this.look();
      const isSameSignIn = grant?.kind === "volvoId" && grant.signInId === presented.signInId;
      if (!isSameSignIn || grant.generation > presented.generation || fence > presented.generation) return true;
      if (waitedMs >= arrivalLimitMs) return false;
      await sleep(this.ports.clock, lookAgainMs);
    }
  }

  private look() {
    return Promise.all([this.ports.store.load(), this.ports.fence.read()]);
  }

  /** Repeats the request once if its answer was lost: it can do no harm, and some servers accept the token again shortly. */
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

  /** Stores the new tokens, which are now the only valid ones, unless the user has replaced or deleted the grant. */
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
      // The user has signed out in the meantime, but only the old token could be revoked then.
      void revoke(this.ports, renewed, renewed.refreshToken);
      return { kind: "replaced" };
    }
    await this.store(next);
    return { kind: "renewed", grant: next };
  }

  /**
   * The turn was lost during the request: this process was suspended, or an action of the user took over. The new tokens are
   * stored even if another window has presented the same refresh token. Only another sign-in, a test token or a sign-out
   * takes precedence. `undefined` in that case. Waits for the generation that the fence announces.
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

  /** Never rejects. This window keeps using a grant that could not be stored. */
  private async store(grant: VolvoIdGrant | EndedVolvoIdGrant): Promise<void> {
    const { fence, log } = this.ports;
    this.turn.secretStored();
    // Both together, because without the fence a window with a stale copy would present the invalid token in it.
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
