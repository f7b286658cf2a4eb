/** One line of what `npm run bench` prints: a figure of ours beside its peer's, measured in the same run. */
export interface BenchRow {
  readonly what: string;
  readonly ours: string;
  /** The same work done by the peer, or why there is none. */
  readonly peer: string;
  readonly goal: string;
}
