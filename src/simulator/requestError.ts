/** A request to the control interface that cannot be carried out. `message` is the reason. */
export class RequestError extends Error {}
