import { Emitter } from "../../src/base/event";
import type { Focus } from "../../src/base/focus";
import type { FakeClock } from "./fakeClock";

/** The focus of a window, set by a test. */
export class FakeFocus implements Focus {
  private readonly changed = new Emitter<boolean>();
  readonly onDidChange = this.changed.event;
  private lostAt: number;

  constructor(
    private readonly clock: FakeClock,
    public isFocused = true,
  ) {
    this.lostAt = clock.now();
  }

  lastFocusedAt(): number {
    return this.isFocused ? this.clock.now() : this.lostAt;
  }

  set(isFocused: boolean): void {
    if (isFocused === this.isFocused) return;
    this.isFocused = isFocused;
    this.lostAt = this.clock.now();
    this.changed.fire(isFocused);
  }
}
