/** An icon as the browser paints it. */
export interface Icon {
  /** The ThemeIcon's id. */
  readonly id: string;
  /** The painted character. */
  readonly glyph: string;
  readonly fontFamily: string;
  /** False while the glyph's font has not arrived: then the character is painted as an empty box. */
  readonly fontLoaded: boolean;
  /** `rgb(…)` or `rgba(…)`. */
  readonly color: string;
  readonly spinning: boolean;
}
