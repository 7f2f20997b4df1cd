import type { Claim } from './access-request.ts'
import { hasCome, type Instant, latest, plusSeconds } from './instant.ts'

/** How long a worker holds an item: its calls, of 20 s at most each, must fit. */
export const claimSeconds = 60
/**
 * How long after the claim an aborted call may still arrive: AWS accepts a signature for five minutes, and the margin
 * covers what the two clocks differ by.
 */
export const lateCallSeconds = 330

type Claimable = { claim?: Claim; quietAt?: Instant }

/**
 * What a pass over an item came to. `answered`: every call that changes AWS got its answer. `agreed`: the pass ran to
 * its end and found AWS as the item wants it.
 */
export type PassResult = { answered: boolean; agreed: boolean }

/**
 * The item held by a worker. A claim that may change AWS writes `quietAt` beforehand, so that a worker that dies
 * leaves word of the calls it may have sent.
 */
export function claimed<T extends Claimable>(item: T, token: string, now: Instant, changesAws: boolean): T {
  const until = plusSeconds(now, claimSeconds)
  const claim: Claim = { token, at: now, until, ...(item.quietAt && { quietBefore: item.quietAt }) }
  if (!changesAws) return { ...item, claim }
  return { ...item, claim, quietAt: latest(item.quietAt, plusSeconds(until, lateCallSeconds)) }
}

/**
 * The item given back. `quietAt` goes back to what it was if every call was answered; it is lifted only by a claim
 * begun after it whose pass found everything in agreement.
 */
export function released<T extends Claimable>(item: T, { answered, agreed }: PassResult): T {
  const { claim, quietAt: quietNow, ...free } = item
  const before = claim?.quietBefore
  const lifted = agreed && isQuiet(item)
  const quietAt = !answered ? quietNow : lifted ? undefined : before
  return { ...(free as T), ...(quietAt && { quietAt }) }
}

/** Whether no lost call from before this claim can arrive any more; until then nothing is confirmed absent. */
export function isQuiet({ claim }: Claimable): boolean {
  return claim === undefined || claim.quietBefore === undefined || hasCome(claim.quietBefore, claim.at)
}
