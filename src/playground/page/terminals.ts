import type { WhoCanRow } from '../aws/who-can.ts'
import type { PageWorld, Probe } from './page-world.ts'

/** Equal answers in a row. Times in milliseconds since 1970, by the world's clock. */
export type TerminalRun = {
  from: number
  to: number
  count: number
  outcome: 'allowed' | 'refused' | 'noSession'
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
  /** The permission set with which the person could open a portal session for this now. */
  portal: string | null
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
      { probeId: id, runs: [], lastAllowedAt: null, lastRefusedAt: null, portal: null },
    ]),
  )
  const lastKeys = new Map<string, string>()

  /** The keys the command runs with: the IAM user's own in their account, else the newest portal session there. */
  const keysFor = (probe: Probe): string | undefined => {
    const person = people.find(({ id }) => id === probe.terminal.as)
    if (person?.iamUser?.accountId === probe.accountId) return aws.userSession(person.iamUser).accessKeyId
    const open = aws
      .snapshot()
      .sessions.filter(({ kind, accountId }) => kind === 'portal' && accountId === probe.accountId)
      .filter(({ userName }) => userName !== undefined && userName === person?.identityCenterUser)
      .sort((a, b) => a.expiresAt.localeCompare(b.expiresAt))
    const key = open.at(-1)?.accessKeyId ?? lastKeys.get(probe.id)
    if (key !== undefined) lastKeys.set(probe.id, key)
    return key
  }

  const attempt = (probe: Probe): Pick<TerminalRun, 'outcome' | 'text'> => {
    const accessKeyId = keysFor(probe)
    if (accessKeyId === undefined) return { outcome: 'noSession', text: '' }
    const answer = aws.tryAction({ as: { accessKeyId }, action: probe.action, resource: probe.resource })
    if (answer.allowed) return { outcome: 'allowed', text: '' }
    return { outcome: 'refused', text: commandLineError(probe.action, answer.message) }
  }

  return {
    tick(matrix: WhoCanRow[]): void {
      for (const [index, probe] of probes.entries()) {
        const state = states.get(probe.id)
        if (!state) continue
        const now = clock.now()
        const answer = attempt(probe)
        if (answer.outcome === 'allowed') state.lastAllowedAt = now
        if (answer.outcome === 'refused') state.lastRefusedAt = now
        const last = state.runs.at(-1)
        if (last?.outcome === answer.outcome && last.text === answer.text) {
          last.to = now
          last.count += 1
        } else {
          state.runs = [...state.runs, { from: now, to: now, count: 1, ...answer }].slice(-runLimit)
        }
        const routes = matrix.find(row => row.personId === probe.terminal.as)?.cells[index]?.routes ?? []
        const portal = routes.find(route => route.kind === 'portal')
        state.portal = answer.outcome === 'allowed' ? null : (portal?.permissionSet ?? null)
      }
    },
    list: (): TerminalState[] => [...states.values()],
  }
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
