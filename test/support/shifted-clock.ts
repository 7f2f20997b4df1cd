/*
 * Loaded before a program (`node --import`), gives it a computer whose clock is wrong: by `CLOCK_SHIFT_MS` on the wall,
 * and with another beginning of the monotonic clock. The program itself is none the wiser.
 */
const shift = Number(process.env['CLOCK_SHIFT_MS'])
if (!Number.isFinite(shift)) throw new Error('CLOCK_SHIFT_MS: write by how many milliseconds the clock is wrong.')

const RealDate = Date
const wall = () => RealDate.now() + shift
const monotonic = performance.now.bind(performance)

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args) => (args.length === 0 ? new target(wall()) : Reflect.construct(target, args)),
  apply: () => new RealDate(wall()).toString(),
  get: (target, name) => (name === 'now' ? wall : Reflect.get(target, name)),
})
performance.now = () => monotonic() + Math.abs(shift)
