import { type Clock, minuteMs } from "../base/clock";
import type { StateFolder } from "../base/folder";

/** Focus is noted this often while it lasts, since a window that is killed does not note its end. */
const focusNoteMs = minuteMs;

/** A window notes this often that it is there. */
const presenceNoteMs = minuteMs;
const presenceLastsMs = 3 * minuteMs;

const focusFile = "focus";
const credentialsFile = "credentials-current";
const signedOut = "none";
/** Anything else was written by nobody: as good as no note. */
const credentialsShape = /^(?:none|[0-9a-f]{16})$/;
const windowsFolder = "windows";

/** What windows note for all others in a file each: which credentials count now, and when a window had focus. */
export class WindowNotes {
  private readonly versions = new Map<string, string | undefined>();
  private credentials: string | undefined;
  private focus = { at: -Infinity, gainedAt: -Infinity };
  private notedAt = -Infinity;
  private gainedAt = 0;
  private presentAt = -Infinity;
  private readonly id = crypto.randomUUID().slice(0, 8);
  private readonly windows: StateFolder;

  constructor(
    private readonly folder: StateFolder,
    private readonly clock: Clock,
  ) {
    this.windows = folder.folder(windowsFolder);
  }

  /** The credentials that count now, `"none"` after a sign-out; `undefined` where nothing was noted. */
  get currentCredentials(): string | undefined {
    return this.credentials;
  }

  get isSignedOut(): boolean {
    return this.credentials === signedOut;
  }

  /** When a window was last seen with focus, and when one got it (ms). */
  get lastFocus(): { readonly at: number; readonly gainedAt: number } {
    return this.focus;
  }

  /** Reads what has changed. Rejects where the folder cannot be read. */
  async look(): Promise<void> {
    await this.readChanged(credentialsFile, (text) => {
      this.credentials = text !== undefined && credentialsShape.test(text) ? text : undefined;
    });
    await this.readChanged(focusFile, (text = "") => {
      const [at = 0, gainedAt = 0] = text.split(" ").map(Number);
      if (at > 0 && Number.isFinite(at) && Number.isFinite(gainedAt)) this.focus = { at, gainedAt };
    });
  }

  async noteCredentials(credentials: string): Promise<void> {
    if (credentials !== this.credentials) await this.folder.replace(credentialsFile, credentials);
    this.credentials = credentials;
  }

  /** Notes that nobody is signed in any more, unless somebody has signed in again meanwhile. */
  async noteSignOut(before: string): Promise<void> {
    if ((await this.folder.read(credentialsFile)) !== before) return;
    await this.noteCredentials(signedOut);
  }

  async noteFocusChange(isFocused: boolean): Promise<void> {
    if (isFocused) this.gainedAt = this.clock.now();
    await this.noteFocus();
  }

  /** To be called now and then while the window has focus. */
  async keepFocusNoted(): Promise<void> {
    if (Math.abs(this.clock.now() - this.notedAt) >= focusNoteMs) await this.noteFocus();
  }

  /** To be called now and then while the window takes part. */
  async keepPresenceNoted(): Promise<void> {
    const now = this.clock.now();
    if (Math.abs(now - this.presentAt) < presenceNoteMs) return;
    if (this.presentAt === -Infinity) await this.presentWindows(true);
    this.presentAt = now;
    await this.windows.replace(this.id, String(now));
  }

  /** How many windows take part, as far as they have said so within the last minutes. Rejects as {@link look} does. */
  async countWindows(): Promise<number> {
    return (await this.presentWindows(false)).length;
  }

  /** The window takes part no longer. */
  leaveNow(): void {
    if (this.presentAt === -Infinity) return;
    this.presentAt = -Infinity;
    this.windows.removeNow(this.id);
  }

  private async presentWindows(removesOthers: boolean): Promise<readonly string[]> {
    const present: string[] = [];
    for (const name of await this.windows.list()) {
      const at = Number((await this.windows.read(name)) ?? NaN);
      if (Math.abs(this.clock.now() - at) < presenceLastsMs) present.push(name);
      else if (removesOthers) await this.windows.remove(name);
    }
    return present;
  }

  private async noteFocus(): Promise<void> {
    this.notedAt = this.clock.now();
    // A time that lies ahead would hide from the others every focus until then.
    const others = this.focus.gainedAt <= this.notedAt ? this.focus.gainedAt : 0;
    const gainedAt = Math.max(this.gainedAt, others, 0);
    await this.folder.replace(focusFile, `${this.notedAt} ${gainedAt}`);
  }

  private async readChanged(name: string, take: (text: string | undefined) => void): Promise<void> {
    const version = await this.folder.version(name);
    if (version === this.versions.get(name)) return;
    const text = version === undefined ? undefined : await this.folder.read(name);
    this.versions.set(name, version);
    take(text);
  }
}
