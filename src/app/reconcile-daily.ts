import type { Catalogue } from '../core/entitlement.ts'
import { asFault, Fault } from '../core/errors.ts'
import { secondsBetween } from '../core/instant.ts'
import { dayOf, isDisagreement, isFresh, isReconcileOwed, markOfStanding, type Reconciled } from '../core/reconcile.ts'
import { ownStrays, type StrayPorts } from './own-strays.ts'
import type { Digest, Ports } from './ports.ts'
import { type Progress, type ReconcilePorts, reconcile } from './reconcile.ts'

/**
 * Compares AWS with the table once in each day of UTC, by AWS's clock (09:00 in Tokyo), and tells operators what it
 * found. Call it as often as you like, from as many processes: the table remembers. A message goes out when AWS and
 * the table disagree, when something could not be read, and when standing access is not what was last told; otherwise
 * a line in the log. Grants and removals that are due come first. One that was cut short is resumed by whoever looks half an hour after its last sign of life. A
 * table seen for the first time begins with the day after. Never throws.
 */
export async function reconcileDaily(
  ports: ReconcilePorts & StrayPorts & Pick<Ports, 'log'> & { digest: Digest },
  catalogue: Catalogue,
): Promise<void> {
  try {
    const { table } = ports
    const now = ports.clock.now()
    const day = dayOf(now)
    const last = await table.reconciled()
    if (!last) {
      await table.writeReconciled({ version: 0, writeId: '', day, aliveAt: now, done: true, standing: '' })
      return
    }
    if (!isReconcileOwed(last, now)) return
    const begun = await table.writeReconciled({ ...last, day, aliveAt: now, done: false })
    // Another process was first.
    if (!('stored' in begun)) return
    const { progress, held } = await resume(ports, begun.stored)
    const comparison = await reconcile(ports, catalogue, progress)
    const { findings, unread } = comparison
    // What could not be read would look as if it had gone, and be told as new when it is back.
    const standing = unread.length > 0 ? last.standing : markOfStanding(findings)
    const told = findings.some(isDisagreement) || unread.length > 0 || (standing !== last.standing && standing !== '')
    if (told) await ports.digest.post(day, await ownStrays(ports, catalogue, comparison, day))
    await table.writeReconciled({ ...held(), done: true, standing })
    const disagreements = findings.filter(isDisagreement).length
    const counts = { disagreements, standing: findings.length - disagreements, unread: unread.length }
    ports.log('reconcile.done', { day, ...counts, told })
  } catch (error) {
    const { code, message } = asFault(error)
    ports.log('reconcile.failed', { code, problem: message })
  }
}

/** What was found before, and a memory for the rest that also says that somebody is at work: `held` as it stands now. */
async function resume(
  { table, clock }: ReconcilePorts,
  begun: Reconciled,
): Promise<{ progress: Progress; held: () => Reconciled }> {
  let held = begun
  const looks = await table.looks()
  const versions = new Map(looks.map(({ place, version }) => [place, version]))
  const fresh = looks.filter(look => isFresh(look, clock.now()))
  const keep: Progress['keep'] = async (place, findings) => {
    const at = clock.now()
    await table.writeLook({ place, version: versions.get(place) ?? 0, writeId: '', at, findings })
    if (secondsBetween(held.aliveAt, at) < signOfLifeSeconds) return
    const renewed = await table.writeReconciled({ ...held, aliveAt: at })
    if (!('stored' in renewed)) throw takenOver()
    held = renewed.stored
  }
  const found = new Map(fresh.map(({ place, findings }) => [place, findings]))
  return { progress: { found, mayLook: yielding({ table, clock }), keep }, held: () => held }
}

/** Waits while anything is due, for as long as there is patience left. */
function yielding({ table, clock }: Pick<Ports, 'table' | 'clock'>): () => Promise<void> {
  let patience = patienceSeconds
  const isBusy = async () => (await table.due(clock.now()).catch(() => [])).length > 0
  return async () => {
    for (; patience > 0 && (await isBusy()); patience -= 2) await clock.after(2000)
  }
}

/** In all: something that is always due must not hold a comparison up for good. */
const patienceSeconds = 600

const signOfLifeSeconds = 60

function takenOver(): Fault {
  const message = 'Another process has taken the comparison up.'
  return new Fault('taken_over', message, { retryable: false, answered: true })
}
