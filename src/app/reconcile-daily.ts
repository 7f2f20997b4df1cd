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
 * a line in the log. Before each look it waits for what is due, ten minutes in all. One that was cut short is resumed
 * by whoever looks half an hour after its last sign of life. A table seen for the first time begins with the day after.
 * Never throws.
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
    const turn = holdTurn(ports, begun.stored)
    const comparison = await reconcile(ports, catalogue, await progressOf(ports, turn))
    const { findings, unread } = comparison
    // What could not be read would look as if it had gone, and be told as new when it is back.
    const standing = unread.length > 0 ? last.standing : markOfStanding(findings)
    const told = findings.some(isDisagreement) || unread.length > 0 || (standing !== last.standing && standing !== '')
    // Whoever was overtaken has read nothing since, and says nothing.
    await turn.renew(0)
    if (told) await ports.digest.post(day, await ownStrays(ports, catalogue, comparison, day))
    await turn.end(standing)
    const disagreements = findings.filter(isDisagreement).length
    const counts = { disagreements, standing: findings.length - disagreements, unread: unread.length }
    ports.log('reconcile.done', { day, ...counts, told })
  } catch (error) {
    const { code, message } = asFault(error)
    ports.log('reconcile.failed', { code, problem: message })
  }
}

/** Whoever makes the comparison; each write throws `taken_over` once another process has taken it up. */
type Turn = {
  /** Says that somebody is at work, unless that was said in the last so many seconds. */
  renew(seconds: number): Promise<void>
  end(standing: string): Promise<void>
}

function holdTurn({ table, clock }: Pick<Ports, 'table' | 'clock'>, begun: Reconciled): Turn {
  let held = begun
  const write = async (next: Reconciled) => {
    const written = await table.writeReconciled(next)
    if (!('stored' in written)) throw takenOver()
    held = written.stored
  }
  return {
    async renew(seconds) {
      const now = clock.now()
      if (secondsBetween(held.aliveAt, now) >= seconds) await write({ ...held, aliveAt: now })
    },
    end: standing => write({ ...held, done: true, standing }),
  }
}

/** What was found before, and a memory for the rest. */
async function progressOf(ports: ReconcilePorts & Pick<Ports, 'log'>, turn: Turn): Promise<Progress> {
  const { table, clock } = ports
  const looks = await table.looks()
  const versions = new Map(looks.map(({ place, version }) => [place, version]))
  const now = clock.now()
  const kept = looks.filter(look => isFresh(look, now))
  return {
    found: new Map(kept.map(({ place, findings }) => [place, findings])),
    mayLook: yielding(ports, turn),
    async keep(place, findings) {
      const look = { place, version: versions.get(place) ?? 0, writeId: '', at: clock.now(), findings }
      // Without it there is a place more to look at for whoever resumes, and nothing else is lost.
      await table.writeLook(look).catch(error => {
        const { code, message } = asFault(error)
        ports.log('reconcile.not_kept', { place, code, problem: message })
      })
    },
  }
}

/** Waits while anything is due, for as long as there is patience left. */
function yielding({ table, clock }: Pick<Ports, 'table' | 'clock'>, turn: Turn): () => Promise<void> {
  let patience = patienceSeconds
  const isBusy = async () => (await table.due(clock.now()).catch(() => [])).length > 0
  return async () => {
    await turn.renew(signOfLifeSeconds)
    for (; patience > 0 && (await isBusy()); patience -= 2) {
      await clock.after(2000)
      await turn.renew(signOfLifeSeconds)
    }
  }
}

/** In all: something that is always due must not hold a comparison up for good. */
const patienceSeconds = 600

const signOfLifeSeconds = 60

function takenOver(): Fault {
  const message = 'Another process has taken the comparison up.'
  return new Fault('taken_over', message, { retryable: false, answered: true })
}
