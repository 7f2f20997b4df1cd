/**
 * The time that elapses for people and programs, as against the world's clock: acknowledgements, triggers,
 * response_urls and rate limits live by it. Tests bring their own, to let three seconds pass at once.
 */
export type RealTime = {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls once after that many milliseconds; the returned function cancels. */
  after(milliseconds: number, call: () => void): () => void
}

/** The computer's own time. */
export const realTime: RealTime = {
  now: Date.now,
  after(milliseconds, call) {
    const timer = setTimeout(call, milliseconds)
    return () => clearTimeout(timer)
  },
}
