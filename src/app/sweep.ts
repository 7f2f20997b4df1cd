import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { advanceEndAll } from './advance-end-all.ts'
import { advanceRequest } from './advance-request.ts'
import { advanceRoster } from './advance-roster.ts'
import type { ItemRef, Ports } from './ports.ts'

/** How many items are worked on side by side; Identity Center allows 20 requests a second in all (platform: B3). */
const sideBySide = 8

/**
 * Does everything that is due, by `dueAt`: the one engine, which alone finishes every journey. One item that fails
 * does not keep back the others. Returns how many items were due. Throws a Fault when the table cannot be asked.
 */
export async function sweep(ports: Ports, catalogue: Catalogue): Promise<number> {
  const due = await ports.table.due(ports.clock.now())
  const waiting = [...due]
  const worker = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) await advanceItem(ports, catalogue, item)
  }
  await Promise.all(Array.from({ length: Math.min(sideBySide, due.length) }, worker))
  return due.length
}

/** Advances one item, whatever it is; a failure is logged, and the item stays due. Never throws. */
export async function advanceItem(ports: Ports, catalogue: Catalogue, item: ItemRef): Promise<void> {
  try {
    if ('requestId' in item) await advanceRequest(ports, catalogue, item.requestId)
    else if ('roster' in item) await advanceRoster(ports, catalogue, item.roster)
    else await advanceEndAll(ports, catalogue, item.endAll)
  } catch (error) {
    const fault = asFault(error)
    const which = 'roster' in item ? item.roster : item
    ports.log('sweep.failed', { ...which, code: fault.code, problem: fault.message })
  }
}
