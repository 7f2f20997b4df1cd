import type { EndAll } from '../core/end-all.ts'
import type { Ports } from './ports.ts'

/** What the form says, and an id that is the same for a repeated submission. */
type Wish = Pick<EndAll, 'id' | 'by' | 'personId' | 'reason'>

/**
 * Records an operator's wish that everything of a person ends, as it came: judging it and seeing it through is due work.
 * One conditional write; a repeated submission finds itself. Throws a Fault when the table cannot be written.
 */
export async function recordEndAll(ports: Ports, wish: Wish): Promise<void> {
  const endAll: EndAll = { ...wish, version: 0, writeId: '', at: ports.clock.now(), status: 'recorded', requests: [] }
  if (!('stored' in (await ports.table.writeEndAll(endAll)))) return
  ports.log('end_all.recorded', { endAll: wish.id, by: wish.by.userId })
  ports.wake({ endAll: wish.id })
}
