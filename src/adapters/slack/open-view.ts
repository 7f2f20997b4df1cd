import type { ModalView } from '@slack/types'
import { askSlack } from './faults.ts'
import type { Interaction } from './listening.ts'

/** Opens a view for whoever commanded or clicked, in what is left of the interaction's time. Throws a Fault. */
export async function openView({ client, inTime }: Interaction, triggerId: string, view: ModalView): Promise<void> {
  await inTime(() => askSlack('views.open', () => client.views.open({ trigger_id: triggerId, view })))
}
