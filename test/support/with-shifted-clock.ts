/** The variables by which a Node process gets a local clock that is wrong by so much; what it runs stays as it is. */
export function withShiftedClock(milliseconds: number): Record<string, string> {
  const preload = new URL('./shifted-clock.ts', import.meta.url)
  return { NODE_OPTIONS: `--import ${preload}`, CLOCK_SHIFT_MS: String(milliseconds) }
}
