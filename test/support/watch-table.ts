import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { hasCome, type Instant, instantOf } from '../../src/core/instant.ts'

const string = z.object({ S: z.string() })
const stored = z.object({
  pk: string,
  sk: string,
  version: z.object({ N: z.string() }),
  status: string.optional(),
  expiresAt: string.optional(),
  dueAt: string.optional(),
  claim: z.object({ M: z.object({ token: string, until: string }) }).optional(),
})

/** One version of an item as it was stored; `arrivedAt`: AWS's time when the write came in. */
type Version = {
  name: string
  version: number
  arrivedAt: Instant
  status: string | undefined
  expiresAt: Instant | undefined
  dueAt: Instant | undefined
  claim: { token: string; until: Instant } | undefined
}

/** Sees every write to the table, whoever made it. */
export type WatchedTable = {
  /** The latest version of each item whose name begins so: `REQ#`, `ACCT#`. */
  latest(prefix: string): Version[]
  /** What items are due at, in order; nothing while somebody is at work, or could be. */
  resting(): Instant[]
  /**
   * How many claims were made; the names of the items that were taken over from a worker who had not given them back,
   * once for each time; and, in words, the claims that were made while another still stood.
   */
  claims(): { made: number; takenOver: string[]; stolen: string[] }
  stop(): void
}

/** Watches the embedded DynamoDB at `url`, a server of this process; `now`: AWS's clock in milliseconds. */
export function watchTable(url: string, now: () => number): WatchedTable {
  const port = Number(new URL(url).port)
  const versions = new Map<string, Version[]>()

  const see = async ({ request, response }: { request: IncomingMessage; response: ServerResponse }) => {
    if (request.socket.localPort !== port || !String(request.headers['x-amz-target']).endsWith('.PutItem')) return
    const arrivedAt = instantOf(now())
    const ended = new Promise(resolve => response.once('finish', resolve))
    const body = await text(request)
    await ended
    if (response.statusCode !== 200) return
    const { success, data } = z.object({ Item: stored }).safeParse(JSON.parse(body))
    if (!success) return
    const { pk, sk, version, status, expiresAt, dueAt, claim } = data.Item
    const name = `${pk.S} ${sk.S}`
    const known = versions.get(name) ?? []
    versions.set(name, known)
    known.push({
      ...{ name, version: Number(version.N), arrivedAt, status: status?.S },
      expiresAt: expiresAt?.S as Instant | undefined,
      dueAt: dueAt?.S as Instant | undefined,
      claim: claim && { token: claim.M.token.S, until: claim.M.until.S as Instant },
    })
  }
  // Node tells of each request of any server of this process before the server itself does.
  const listener = (message: unknown) => void see(message as Parameters<typeof see>[0])
  subscribe('http.server.request.start', listener)

  const inOrder = (known: Version[]) => known.toSorted((one, other) => one.version - other.version)
  const latest = (prefix: string) =>
    [...versions].flatMap(([name, known]) => (name.startsWith(prefix) ? inOrder(known).slice(-1) : []))
  return {
    latest,
    resting() {
      const items = latest('')
      const at = instantOf(now())
      const due = items.flatMap(({ dueAt }) => dueAt ?? []).sort()
      const isAtWork = items.some(({ claim }) => claim && !hasCome(claim.until, at))
      return isAtWork || due.some(dueAt => hasCome(dueAt, at)) ? [] : due
    },
    claims() {
      let made = 0
      const takenOver: string[] = []
      const stolen: string[] = []
      for (const known of versions.values()) {
        let before: Version | undefined
        for (const next of inOrder(known)) {
          const isNew = next.claim !== undefined && next.claim.token !== before?.claim?.token
          if (isNew) made++
          if (isNew && before?.claim) takenOver.push(next.name)
          if (isNew && before?.claim && !hasCome(before.claim.until, next.arrivedAt))
            stolen.push(`${next.name} was held until ${before.claim.until}, and claimed at ${next.arrivedAt}`)
          before = next
        }
      }
      return { made, takenOver, stolen }
    },
    stop: () => unsubscribe('http.server.request.start', listener),
  }
}
