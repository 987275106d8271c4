/** An icon as painted by the browser. */
export interface Icon {
  /** The ThemeIcon's id. */
  readonly id: string;
  /** The painted character. */
  readonly glyph: string;
  readonly fontFamily: string;
  /** False until the glyph's font is loaded; the character is then painted as an empty box. */
  readonly fontLoaded: boolean;
  /** `rgb(…)` or `rgba(…)`. */
  readonly color: string;
  readonly spinning: boolean;
}
