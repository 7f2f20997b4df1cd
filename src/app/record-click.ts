import type { AccessRequest, Click } from '../core/access-request.ts'
import { Fault } from '../core/errors.ts'
import type { RequestId } from '../core/ids.ts'
import { knowsClick } from '../core/lifecycle.ts'
import { inTurn } from './in-turn.ts'
import type { Ports } from './ports.ts'

/** What became of a click. */
type Recorded = 'recorded' | 'known' | 'no_such_request' | 'too_many'

/**
 * Records what somebody clicked, as it came: judging it is due work. One conditional write, tried again when another
 * writer was first; a redelivered click is one click. Throws a Fault when the table cannot be written, so that the
 * clicker is told to click again. `too_many`: dropped, since an item that is clicked full could not be ended either.
 */
export async function recordClick(ports: Ports, requestId: RequestId, wish: Omit<Click, 'at'>): Promise<Recorded> {
  const click: Click = { ...wish, at: ports.clock.now() }
  // Many click at once; taking turns, they are done long before they would be by racing.
  return inTurn(ports.table, requestId, () => record(ports, requestId, click))
}

async function record(ports: Ports, requestId: RequestId, click: Click): Promise<Recorded> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const request = await ports.table.request(requestId)
    if (!request) return 'no_such_request'
    if (knowsClick(request, click.id)) return 'known'
    if (isOwnEnd(request, click)) {
      if (request.clicks.some(({ action, userId }) => action === click.action && userId === click.userId))
        return 'known'
    } else if (isFull(request, click.userId)) return 'too_many'
    const written = await ports.table.writeRequest({ ...request, clicks: [...request.clicks, click] })
    if ('stored' in written) {
      ports.log('request.clicked', { requestId, action: click.action, by: click.userId })
      ports.wake({ requestId })
      return 'recorded'
    }
  }
  throw new Fault('contended', 'The request was being changed; click again.', { retryable: true, answered: true })
}

/**
 * Clicks that wait, to be judged or for their answer to reach Slack, of one person and of all people together: an item
 * holds 400 KB (platform: C8).
 */
const mostPerPerson = 5
const mostInAll = 150

/** Giving up what one asked for is never kept back by what was clicked before; one such wish is as good as two. */
function isOwnEnd({ requester, status }: AccessRequest, { action, userId }: Click): boolean {
  const canEnd = action === 'cancel' ? ['checking', 'pending'] : action === 'end' ? ['active'] : []
  return userId === requester.slackUserId && canEnd.includes(status)
}

function isFull({ clicks, replies }: AccessRequest, userId: string): boolean {
  const waiting = [...clicks, ...replies]
  return waiting.length >= mostInAll || waiting.filter(one => one.userId === userId).length >= mostPerPerson
}
