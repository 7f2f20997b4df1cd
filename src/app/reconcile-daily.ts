import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { dayOf, isDisagreement, isReconcileOwed, markOfStanding } from '../core/reconcile.ts'
import { ownStrays, type StrayPorts } from './own-strays.ts'
import type { Digest, Ports } from './ports.ts'
import { type ReconcilePorts, reconcile } from './reconcile.ts'

/**
 * Compares AWS with the table once in each day of UTC, by AWS's clock (09:00 in Tokyo), and tells operators what it
 * found. Call it as often as you like, from as many processes: the table remembers. A message goes out when AWS and
 * the table disagree, when something could not be read, and when standing access is not what was last told; otherwise
 * a line in the log. A table seen for the first time begins with the day after. Never throws.
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
      await table.writeReconciled({ version: 0, writeId: '', day, begunAt: now, done: true, standing: '' })
      return
    }
    if (!isReconcileOwed(last, now)) return
    const begun = await table.writeReconciled({ ...last, day, begunAt: now, done: false })
    // Another process was first.
    if (!('stored' in begun)) return
    const comparison = await reconcile(ports, catalogue)
    const { findings, unread } = comparison
    // What could not be read would look as if it had gone, and be told as new when it is back.
    const standing = unread.length > 0 ? last.standing : markOfStanding(findings)
    const told = findings.some(isDisagreement) || unread.length > 0 || (standing !== last.standing && standing !== '')
    if (told) await ports.digest.post(day, await ownStrays(ports, catalogue, comparison, day))
    await table.writeReconciled({ ...begun.stored, done: true, standing })
    const disagreements = findings.filter(isDisagreement).length
    const counts = { disagreements, standing: findings.length - disagreements, unread: unread.length }
    ports.log('reconcile.done', { day, ...counts, told })
  } catch (error) {
    const { code, message } = asFault(error)
    ports.log('reconcile.failed', { code, problem: message })
  }
}
