import { asFault } from '../core/errors.ts'
import type { Clock } from './ports.ts'

/** Makes a read that fails in passing three times: what could not be read is told to people. */
export async function patiently<T>({ clock }: { clock: Pick<Clock, 'after'> }, read: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await read()
    } catch (error) {
      if (tries === 3 || !asFault(error).retryable) throw error
      await clock.after(2000 * tries)
    }
  }
}
