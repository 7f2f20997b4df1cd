import type { PageWorld } from './page-world.ts'

/** How AWS can be set to answer calls that change something; what each does is said at the `Fault` of simulated AWS. */
export const awsFaults = ['throttle', 'conflict', 'fail', 'hang', 'unheard', 'delay'] as const

/** How Slack can be set to answer calls about messages; what each does is said at the `Fault` of simulated Slack. */
export const slackFaults = ['rate_limit', 'fail', 'hang', 'unheard'] as const

/** What is broken on purpose, from the page, until it is set back; nothing is after a restart. */
export type StandingFaults = {
  aws: (typeof awsFaults)[number] | 'none'
  slack: (typeof slackFaults)[number] | 'none'
}

/** One of the two set anew. */
export type FaultChoice =
  | { service: 'aws'; kind: StandingFaults['aws'] }
  | { service: 'slack'; kind: StandingFaults['slack'] }

/** Reads stay as they are: the page, and the bot, can see how things are. */
const changesInAws = /:(Put|Create|Delete)/
const messagesInSlack = /^chat\./

/** Long enough to be seen, and well within the time the bot waits for an answer. */
const delayMs = 5000

/** Breaks AWS or Slack until told otherwise, in place of whatever faults were in force there. */
export function setFault({ aws, slack }: Pick<PageWorld, 'aws' | 'slack'>, choice: FaultChoice): void {
  if (choice.service === 'aws') {
    aws.faults.clear()
    if (choice.kind !== 'none') aws.faults.add({ match: changesInAws, kind: choice.kind, afterMs: delayMs })
  } else {
    slack.faults.clear()
    const times = Number.POSITIVE_INFINITY
    if (choice.kind !== 'none') slack.faults.add({ method: messagesInSlack, kind: choice.kind, times })
  }
}

/** What is in force now of what `setFault` can set. */
export function standingFaults({ aws, slack }: Pick<PageWorld, 'aws' | 'slack'>): StandingFaults {
  const ofAws = aws.faults.list().find(({ match }) => match === changesInAws)
  const ofSlack = slack.faults.list().find(({ method }) => method === messagesInSlack)
  return {
    aws: awsFaults.find(kind => kind === ofAws?.kind) ?? 'none',
    slack: slackFaults.find(kind => kind === ofSlack?.kind) ?? 'none',
  }
}
