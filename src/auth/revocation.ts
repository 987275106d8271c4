import { errorText, type Logger } from "../base/log";
import type { VolvoIdClient } from "./credentials";
import type { TokenEndpoint } from "./tokenEndpoint";

export interface RevocationPorts {
  readonly endpoint: TokenEndpoint;
  readonly log: Logger;
}

/** Tells Volvo that a sign-in is over, as far as that answers within 5 s; where it does not, the log says so. Never rejects. */
export async function revoke({ endpoint, log }: RevocationPorts, client: VolvoIdClient, token: string): Promise<void> {
  try {
    const failure = await endpoint.revoke(client, token);
    if (failure !== undefined) log.warn(`Volvo ID has not ended the sign-in at its side: ${failure}`);
  } catch (error) {
    log.warn(`Volvo ID could not be told of the sign-out: ${errorText(error)}`);
  }
}
