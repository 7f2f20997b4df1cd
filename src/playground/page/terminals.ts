import type { SeedPerson } from '../aws/seed.ts'
import type { AwsSnapshot } from '../aws/snapshot.ts'
import type { WayIn } from '../aws/ways-in.ts'
import type { WhoCanRow } from '../aws/who-can.ts'
import type { PageWorld, Probe } from './page-world.ts'

/** Equal answers to one session in a row. Times in milliseconds since 1970, by the world's clock. */
export type TerminalRun = {
  from: number
  to: number
  count: number
  outcome: 'allowed' | 'refused' | 'noSession'
  /** When the session was opened that the command ran in; absent with keys that last. */
  session?: number
  /** AWS's words, as the command line shows them; empty when allowed. */
  text: string
}

/** The terminal of one probe. */
export type TerminalState = {
  probeId: string
  /** Oldest first, the latest six. */
  runs: TerminalRun[]
  lastAllowedAt: number | null
  lastRefusedAt: number | null
  /** What the person could take for this now: what would do, or else what AWS lets them have. */
  wayIn: WayIn | null
}

const runLimit = 6

/** Makes the terminals, one per probe; each `tick` repeats every command once. */
export function createTerminals({
  aws,
  clock,
  probes,
  people,
}: Omit<PageWorld, 'bot' | 'slack' | 'journal' | 'story'>) {
  const states = new Map(
    probes.map(({ id }): [string, TerminalState] => [
      id,
      { probeId: id, runs: [], lastAllowedAt: null, lastRefusedAt: null, wayIn: null },
    ]),
  )
  const lastKeys = new Map<string, Keys>()

  /** The keys the command runs with: the IAM user's own in their account, else those of the newest session there. */
  const keysFor = (probe: Probe, person: SeedPerson | undefined): Keys | undefined => {
    if (person?.iamUser?.accountId === probe.accountId) return aws.userSession(person.iamUser)
    const session = aws
      .snapshot()
      .sessions.filter(one => one.accountId === probe.accountId && isOf(one, person))
      .sort((a, b) => a.startedAt.localeCompare(b.startedAt))
      .at(-1)
    const keys = session
      ? { accessKeyId: session.accessKeyId, session: Date.parse(session.startedAt) }
      : lastKeys.get(probe.id)
    if (keys) lastKeys.set(probe.id, keys)
    return keys
  }

  const attempt = (probe: Probe, person: SeedPerson | undefined): Answer => {
    const keys = keysFor(probe, person)
    if (!keys) return { outcome: 'noSession', text: '' }
    const { accessKeyId, session } = keys
    const answer = aws.tryAction({ as: { accessKeyId }, action: probe.action, resource: probe.resource })
    const ran = session === undefined ? {} : { session }
    if (answer.allowed) return { outcome: 'allowed', text: '', ...ran }
    return { outcome: 'refused', text: commandLineError(probe.action, answer.message), ...ran }
  }

  return {
    tick(matrix: WhoCanRow[]): void {
      for (const [index, probe] of probes.entries()) {
        const state = states.get(probe.id)
        if (!state) continue
        const now = clock.now()
        const person = people.find(({ id }) => id === probe.terminal.as)
        const answer = attempt(probe, person)
        if (answer.outcome === 'allowed') state.lastAllowedAt = now
        if (answer.outcome === 'refused') state.lastRefusedAt = now
        const last = state.runs.at(-1)
        if (last?.outcome === answer.outcome && last.text === answer.text && last.session === answer.session) {
          last.to = now
          last.count += 1
        } else {
          state.runs = [...state.runs, { from: now, to: now, count: 1, ...answer }].slice(-runLimit)
        }
        const routes = matrix.find(row => row.personId === probe.terminal.as)?.cells[index]?.routes ?? []
        const ways = person ? aws.waysIn({ person, accountId: probe.accountId }) : []
        const wouldDo = ways.find(way => routes.some(route => leadsTo(route, way)))
        state.wayIn = wouldDo ?? ways[0] ?? null
      }
    },
    list: (): TerminalState[] => [...states.values()],
  }
}

/** Keys, and when their session was opened. */
type Keys = { accessKeyId: string; session?: number }

type Answer = Pick<TerminalRun, 'outcome' | 'text' | 'session'>

function isOf({ kind, userName, userArn }: AwsSnapshot['sessions'][number], person: SeedPerson | undefined): boolean {
  if (!person) return false
  if (kind === 'portal') return userName !== undefined && userName === person.identityCenterUser
  const { accountId, userName: iamName } = person.iamUser ?? {}
  return kind === 'assumed' && iamName !== undefined && userArn === `arn:aws:iam::${accountId}:user/${iamName}`
}

function leadsTo(route: WhoCanRow['cells'][number]['routes'][number], way: WayIn): boolean {
  if (way.kind === 'portal') return route.kind === 'portal' && route.permissionSet === way.permissionSet
  return route.kind === 'role' && route.role === way.role
}

/** Services whose protocol is older than JSON, and which call the error AccessDenied or something of their own. */
const deniedCodes: Record<string, string> = {
  s3: 'AccessDenied',
  iam: 'AccessDenied',
  sts: 'AccessDenied',
  ec2: 'UnauthorizedOperation',
}

/** The error as the AWS command line prints it. */
export function commandLineError(action: string, message: string): string {
  const [service = '', operation = ''] = action.split(':')
  const expired = message.includes('security token included in the request is expired')
  const code = expired ? 'ExpiredToken' : (deniedCodes[service] ?? 'AccessDeniedException')
  return `An error occurred (${code}) when calling the ${operation} operation: ${message}`
}
