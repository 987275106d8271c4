import type { Authorization, Authorizer } from "../volvo/transport";

/**
 * `authorizer` behind a gate that each request passes, repeats included: `permit` is asked once credentials are there
 * and rejects where the request must not leave.
 */
export function gatedAuthorizer(authorizer: Authorizer, permit: () => Promise<void>): Authorizer {
  const pass = async <T extends object>(authorization: T): Promise<T> => {
    if (!("kind" in authorization)) await permit();
    return authorization;
  };
  return {
    authorize: async (origin, signal) => pass(await authorizer.authorize(origin, signal)),
    renew: async (refused: Authorization, signal) => pass(await authorizer.renew(refused, signal)),
    refusedAgain: (refused) => authorizer.refusedAgain(refused),
  };
}
