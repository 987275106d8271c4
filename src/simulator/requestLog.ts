import type { SimulatedRequest } from "./http";
import type { PathKind } from "./route";

/** One request as received, and its answer. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: PathKind;
  readonly vin?: string;
  /** Of the answer. */
  readonly status: number;
  /** Name of the fault that changed the answer. */
  readonly fault?: string;
}

/** The newest `longest` requests to the simulated Volvo, oldest first. */
export class RequestLog {
  private entries: RecordedRequest[] = [];
  private waiting: ((request: RecordedRequest) => void)[] = [];

  constructor(private readonly longest = 10_000) {}

  get all(): readonly RecordedRequest[] {
    return this.entries;
  }

  of(kind: PathKind): readonly RecordedRequest[] {
    return this.entries.filter((entry) => entry.kind === kind);
  }

  /** Resolves with the next request once its answer is known. */
  next(): Promise<RecordedRequest> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  add(
    request: SimulatedRequest,
    facts: Pick<RecordedRequest, "at" | "kind" | "status"> & Partial<Pick<RecordedRequest, "vin" | "fault">>,
  ): void {
    const { path, query } = splitUrl(request.url);
    const { method, headers, body = "" } = request;
    const entry: RecordedRequest = { method, path, query, headers, body, ...facts };
    this.entries.push(entry);
    if (this.entries.length > this.longest) this.entries.shift();
    for (const resolve of this.waiting.splice(0)) resolve(entry);
  }

  clear(): void {
    this.entries = [];
  }
}

export function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const start = url.indexOf("?");
  return start < 0 ? { path: url, query: "" } : { path: url.slice(0, start), query: url.slice(start + 1) };
}
