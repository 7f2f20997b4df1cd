import type { RosterKey } from '../core/roster.ts'
import { newSlots, type Slots, withoutSlot, withSlot } from '../core/slots.ts'
import { inTurn } from './in-turn.ts'
import type { Ports } from './ports.ts'

type SlotPorts = Pick<Ports, 'table' | 'clock'>

/** Takes a roster's turn to change assignments in its account; false while it is somebody else's. Repeating it is harmless. */
export function takeSlot(ports: SlotPorts, key: RosterKey): Promise<boolean> {
  return change(ports, slots => withSlot(slots, key, ports.clock.now()))
}

/** Gives a roster's turn back, if it has it. A process that dies before leaves it to the turn's own end. */
export async function giveSlotBack(ports: SlotPorts, key: RosterKey): Promise<void> {
  await change(ports, slots => withoutSlot(slots, key))
}

/** False when there is nothing to change, or others kept being first: then it is tried again with the work itself. */
function change({ table }: SlotPorts, next: (slots: Slots) => Slots | undefined): Promise<boolean> {
  return inTurn(table, 'slots', async () => {
    for (let attempt = 0; attempt < 10; attempt++) {
      const changed = next((await table.slots()) ?? newSlots())
      if (!changed) return false
      if ('stored' in (await table.writeSlots(changed))) return true
    }
    return false
  })
}
