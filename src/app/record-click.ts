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
    if (isFull(request, click.userId)) return 'too_many'
    const written = await ports.table.writeRequest({ ...request, clicks: [...request.clicks, click] })
    if ('stored' in written) {
      ports.log('request.clicked', { requestId, action: click.action, by: click.userId })
      ports.wake({ requestId })
      return 'recorded'
    }
  }
  throw new Fault('contended', 'The request was being changed; click again.', { retryable: true, answered: true })
}

/** Clicks without effect that one person, and all people together, may leave in an item (400 KB; platform: C8). */
const mostPerPerson = 5
const mostInAll = 150

function isFull({ clicks, replies }: AccessRequest, userId: string): boolean {
  const without = [...clicks, ...replies]
  return without.length >= mostInAll || without.filter(one => one.userId === userId).length >= mostPerPerson
}
