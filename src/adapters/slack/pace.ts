import { asFault, Fault } from '../../core/errors.ts'
import { askSlack } from './faults.ts'

/**
 * Calls Slack no faster than it allows: nothing before a `Retry-After` has passed, and one post per channel about every
 * second. A call that has to wait is not made: it throws `rate_limited` with the seconds to stay away, so that no worker
 * stands in a queue while AWS has work. Kept per process: another one learns from its own 429.
 */
export type Pace = <T>(method: string, channel: string | undefined, call: () => Promise<T>) => Promise<T>

/** "About one message a second per channel" (docs.slack.dev/apis/web-api/rate-limits), and a little for the way there. */
const betweenPosts = 1100
/** A call that took so long to fail kept a worker from its other work; so the next ones are not made for a while. */
const slow = 2000
const silence = 10_000
/** Longer than the client's deadline: while one call tries whether Slack is back, the others still wait. */
const probing = 15_000

/** Makes a pace that has heard of no limit yet. `now`: real time in milliseconds. */
export function createPace(now: () => number = () => performance.now()): Pace {
  /** By method, by channel, and by channel for posts alone. */
  const notBefore = new Map<string, number>()
  /** The latest turn given away in each channel: who waits comes back one after the other. */
  const turns = new Map<string, number>()
  let silentUntil: number | undefined

  const heldUntil = (method: string, channel: string | undefined): number => {
    const keys = [method, ...(channel === undefined ? [] : [channel, `${method} ${channel}`])]
    return Math.max(0, ...keys.map(key => notBefore.get(key) ?? 0))
  }

  const turnAfter = (until: number, channel: string | undefined): number => {
    if (channel === undefined) return until
    const turn = Math.max(until, (turns.get(channel) ?? 0) + betweenPosts)
    turns.set(channel, turn)
    return turn
  }

  return async (method, channel, call) => {
    const begun = now()
    const isPost = method === 'chat.postMessage' && channel !== undefined
    const until = heldUntil(method, channel)
    if (until > begun) {
      const turn = isPost ? turnAfter(until, channel) : until
      throw new Fault('rate_limited', `Slack ${method}: waits for its turn${channel ? ` in ${channel}` : ''}`, {
        ...{ retryable: true, answered: true, retryAfterSeconds: Math.ceil((turn - begun) / 1000) },
      })
    }
    if (silentUntil !== undefined) {
      if (silentUntil > begun) throw notAsked(method)
      silentUntil = begun + probing
    }
    if (isPost) notBefore.set(`${method} ${channel}`, begun + betweenPosts)
    try {
      const answer = await askSlack(method, call)
      silentUntil = undefined
      return answer
    } catch (error) {
      const { answered, retryAfterSeconds } = asFault(error)
      if (answered) silentUntil = undefined
      else if (silentUntil !== undefined || now() - begun >= slow) silentUntil = now() + silence
      // Slack limits posts channel by channel, everything else for the whole workspace.
      if (retryAfterSeconds !== undefined) {
        notBefore.set(isPost ? channel : method, now() + retryAfterSeconds * 1000)
      }
      throw error
    }
  }
}

function notAsked(method: string): Fault {
  return new Fault('slack_unreachable', `Slack ${method}: not asked, as Slack has just not answered`, {
    ...{ retryable: true, answered: true },
  })
}
