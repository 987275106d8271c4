import { setTimeout as delay } from "node:timers/promises";
import { secondMs } from "../../src/base/clock";

/** Node's port for debuggers. */
const port = 9229;
const answerLimitMs = 20 * secondMs;

/**
 * Bytes of live data after a garbage collection in a Node process of this user. The process listens for debuggers from
 * then on. `undefined` if it does not answer within 20 s, or if another process has the port.
 */
export async function liveBytes(pid: number): Promise<number | undefined> {
  process.kill(pid, "SIGUSR1");
  await delay(secondMs);
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
  const [target] = (await answer.json()) as [{ readonly webSocketDebuggerUrl: string }];
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  const limit = setTimeout(() => socket.close(), answerLimitMs);
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("close", reject);
    });
    const own = await call(socket, 1, "Runtime.evaluate", { expression: "process.pid" });
    if ((own as { readonly result: { readonly value: unknown } }).result.value !== pid) return undefined;
    await call(socket, 2, "HeapProfiler.collectGarbage");
    const { usedSize } = (await call(socket, 3, "Runtime.getHeapUsage")) as { readonly usedSize: number };
    return usedSize;
  } catch {
    return undefined;
  } finally {
    clearTimeout(limit);
    socket.close();
  }
}

function call(socket: WebSocket, id: number, method: string, params: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
      if (answer.id === id) resolve(answer.result);
    });
    socket.addEventListener("close", () => reject(new Error(`${method} was not answered`)));
    socket.send(JSON.stringify({ id, method, params }));
  });
}
