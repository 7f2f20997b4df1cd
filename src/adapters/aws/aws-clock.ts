import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Clock } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'
import { instantOf } from '../../core/instant.ts'
import { send, startDeadline } from './send.ts'

/** AWS's clock. `measure` reads it afresh and throws a Fault when it could not; the last reading then stays. */
export type AwsClock = Clock & { measure(): Promise<void> }

/** Corrections of the clock on the wall by NTP are far smaller, or a step that is as good as a suspension. */
const mostDriftMilliseconds = 5000

/** One look at AWS's time. `date` is the header, whole seconds since 1970 in ms; the others are local, monotonic ms. */
type Reading = { date: number; sentAt: number; receivedAt: number }

/**
 * Tells AWS's time from the local monotonic clock and the `Date` header of `GetCallerIdentity`, so a wrong or adjusted
 * local clock changes nothing. `now` throws `clock_not_measured` before the first reading. It is never ahead of AWS
 * and behind by a second and a round trip at most: what AWS still grants is never called over.
 *
 * The monotonic clock stands still while the machine is suspended (CLOCK_MONOTONIC, man 2 clock_gettime), and the
 * clock on the wall does not: once the two have drifted apart, for whatever reason, `now` throws until AWS is asked again.
 */
export function createAwsClock(
  sts: STSClient,
  monotonic: () => number = () => performance.now(),
  wall: () => number = () => Date.now(),
): AwsClock {
  let offset: number | undefined
  let apart = 0
  let asking = false
  const measure = async () => {
    const reading = await readWithCorrectedSignature(sts, monotonic)
    offset = correctedOffset(offset, reading)
    apart = wall() - monotonic()
  }
  return {
    now() {
      if (offset === undefined) throw notMeasured("AWS's clock was not read yet")
      if (Math.abs(wall() - monotonic() - apart) > mostDriftMilliseconds) {
        // Asked at once, not at the next sweep: until AWS answers, nothing can be removed either.
        if (!asking) {
          asking = true
          measure()
            .catch(() => undefined)
            .finally(() => {
              asking = false
            })
        }
        throw notMeasured("This computer's clock was set or the computer stood still; AWS's clock was not read since")
      }
      return instantOf(monotonic() + offset)
    },
    after: milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
    measure,
  }
}

/**
 * What to add to the monotonic clock after a reading. AWS's time when it answered lay in [date, date + 1 s), and it
 * answered between sending and receiving: an offset outside these bounds is wrong, one inside them cannot be told from
 * right and stays. So the header's whole seconds never turn time back by a fraction, and a jump is followed at once.
 * Where the offset must change it takes the lower bound, which is the one that is never ahead of AWS.
 */
export function correctedOffset(offset: number | undefined, { date, sentAt, receivedAt }: Reading): number {
  const least = date - receivedAt
  const most = date + 1000 - sentAt
  return offset === undefined || offset > most ? least : Math.max(offset, least)
}

/** With a very wrong local clock AWS refuses the signature, and the SDK learns the date to sign with from that no. */
async function readWithCorrectedSignature(sts: STSClient, monotonic: () => number): Promise<Reading> {
  try {
    return await read(sts, monotonic)
  } catch (error) {
    if (error instanceof Fault && error.code === 'bad_signature') return read(sts, monotonic)
    throw error
  }
}

async function read(sts: STSClient, monotonic: () => number): Promise<Reading> {
  const command = new GetCallerIdentityCommand({})
  let reading: Reading | undefined
  command.middlewareStack.add(
    next => async args => {
      const sentAt = monotonic()
      const result = await next(args)
      const date = Date.parse(dateHeaderOf(result.response))
      reading = { date, sentAt, receivedAt: monotonic() }
      return result
    },
    { step: 'deserialize', name: 'curfewReadDate', priority: 'low' },
  )
  await send(sts, command, { deadline: startDeadline() })
  if (!reading || Number.isNaN(reading.date)) throw notMeasured("AWS's answer has no date")
  return reading
}

/** The SDK leaves the type of the raw response open; its HTTP handlers lower the case of header names. */
function dateHeaderOf(response: unknown): string {
  return (response as { headers?: Record<string, string> }).headers?.['date'] ?? ''
}

function notMeasured(message: string): Fault {
  return new Fault('clock_not_measured', message, { retryable: true, answered: true })
}
