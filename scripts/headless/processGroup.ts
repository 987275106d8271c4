import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerCommand } from "./serverCommand";

const tailLength = 30;
const politeMs = 3_000;
const pollMs = 50;

/** A child process that leads its own group, so that it can be ended with all its descendants. */
export class ProcessGroup {
  readonly pid: number;
  /** The exit code, or 1 if a signal ended it. */
  readonly exited: Promise<number>;
  private readonly tail: string[] = [];
  private readonly listeners = new Set<(line: string) => void>();
  private readonly killNow = () => this.signal("SIGKILL");

  private constructor(child: ChildProcess, logFile: string | undefined) {
    if (child.pid === undefined) throw new Error("The process did not start");
    this.pid = child.pid;
    const log = logFile === undefined ? undefined : createWriteStream(logFile, { flags: "a" });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => this.take(data, log));
    this.exited = new Promise((resolve) => {
      child.on("close", (code) => {
        log?.end();
        resolve(code ?? 1);
      });
    });
    process.on("exit", this.killNow);
  }

  /** Starts the command; `logFile` receives all its output. Rejects if the program cannot be started. */
  static async start(command: ServerCommand, env: NodeJS.ProcessEnv, logFile?: string): Promise<ProcessGroup> {
    const child = spawn(command.command, [...command.args], {
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", (error) => reject(new Error(`Could not start ${command.command}: ${error.message}`)));
    });
    return new ProcessGroup(child, logFile);
  }

  /**
   * The first match of `pattern` in a line printed from now on. Rejects with the last lines on exit or after `limitMs`.
   */
  async printed(pattern: RegExp, limitMs: number, what: string): Promise<RegExpMatchArray> {
    let listener: ((line: string) => void) | undefined;
    const limit = new AbortController();
    try {
      return await Promise.race([
        new Promise<RegExpMatchArray>((resolve) => {
          listener = (line) => {
            const match = pattern.exec(line);
            if (match) resolve(match);
          };
          this.listeners.add(listener);
        }),
        this.exited.then((code) => Promise.reject(this.failure(`${what} ended with code ${code}`))),
        delay(limitMs, undefined, { signal: limit.signal }).then(() =>
          Promise.reject(this.failure(`${what} was not ready after ${limitMs / 1000} s`)),
        ),
      ]);
    } finally {
      limit.abort();
      if (listener) this.listeners.delete(listener);
    }
  }

  /** An error with the last lines printed. */
  failure(message: string): Error {
    return new Error([`${message}; its last lines:`, ...this.tail].join("\n  "));
  }

  /** Ends the whole group: SIGTERM first, SIGKILL after 3 s. */
  async dispose(): Promise<void> {
    this.signal("SIGTERM");
    const deadline = Date.now() + politeMs;
    while (this.signal(0)) {
      if (Date.now() > deadline) this.signal("SIGKILL");
      await delay(pollMs);
    }
    process.off("exit", this.killNow);
  }

  private signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-this.pid, signal);
    } catch {
      return false;
    }
  }

  private take(data: Buffer, log: NodeJS.WritableStream | undefined): void {
    log?.write(data);
    for (const line of data.toString().split("\n")) {
      if (!line.trim()) continue;
      this.tail.push(line);
      if (this.tail.length > tailLength) this.tail.shift();
      for (const listener of this.listeners) listener(line);
    }
  }
}
