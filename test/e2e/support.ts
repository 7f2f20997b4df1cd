import { expect, type TestContext } from 'vitest'
import type { SlackMessage } from '../../src/playground/slack/state.ts'
import { startWorld, type World } from '../../src/playground/world.ts'

/** How Slack reaches the bot; every journey is made both ways. */
export const modes = ['socket', 'http'] as const

/**
 * A world with a running bot, for one journey. It is closed when the test ends, and whatever the bot wrote in it is
 * searched for what may be in no log.
 */
export async function aWorld(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  options: Parameters<typeof startWorld>[0] & { bot?: boolean } = {},
): Promise<World> {
  const world = await startWorld(options)
  const lines: string[] = []
  world.bot.onLine(line => lines.push(line))
  onTestFinished(async () => {
    await world.close()
    expect(lines.filter(line => tellsTooMuch(line, world))).toEqual([])
  })
  if (options.bot !== false) await world.bot.start()
  return world
}

/** Whether a line of the log holds a secret, a policy or, outside the audit trail, a reason that somebody typed. */
export function tellsTooMuch(line: string, { botVariables }: Pick<World, 'botVariables'>): boolean {
  const secrets = Object.entries(botVariables)
    .filter(([name]) => /TOKEN|SECRET/.test(name))
    .map(([, value]) => value)
  const isAudit = line.includes('"audit":true')
  return (
    secrets.some(secret => line.includes(secret)) ||
    // Secret keys and session tokens as simulated STS makes them: 32 bytes in base64.
    /[A-Za-z0-9+/]{43}=/.test(line) ||
    /Statement|SecretAccessKey|SessionToken|x-slack-signature/i.test(line) ||
    (!isAudit && reasons.some(reason => line.includes(reason)))
  )
}

/** Waits for something to come true over the wire; fails with `what` after forty seconds of real time. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const deadline = performance.now() + 40_000
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

/** Waits likewise while the world's clock runs, about twenty times as fast as real time. */
export function untilInTime<T>(
  world: World,
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  return until(what, () => {
    world.clock.advance(500)
    return look()
  })
}

/** What somebody fills in; the account is filled in by the form itself. */
export type Wish = { entitlement: string; values?: Record<string, string>; userId?: string }

/** An inline policy on Alice's own IAM user, for an hour. */
export const ordersTable: Wish = {
  entitlement: 'orders-table',
  values: { 'parameter.table': 'eu', duration: '60', reason: 'Order 42 is there twice' },
}

/** A permission set in Production, for an hour. */
export const prodReadOnly: Wish = {
  entitlement: 'prod-read-only',
  values: { duration: '60', reason: 'Look at the queue', ticket: 'OPS-42' },
}

/** Why Bob says no. */
export const denialReason = 'Use the read replica'

/** Every reason that is typed in a journey. */
const reasons = [ordersTable.values?.['reason'] ?? '', prodReadOnly.values?.['reason'] ?? '', denialReason]

/** Asks through `/request-access` and the form, as a person would. */
export async function ask({ slack }: World, { entitlement, values = {}, userId = 'U0ALICE' }: Wish): Promise<void> {
  const answered = await slack.command({ userId, channelId: 'C0GENERAL', command: '/request-access' })
  if (!answered.ok) throw new Error(answered.message)
  const viewId = slack.snapshot().views[userId]?.at(-1)?.id ?? ''
  await slack.changeInput({ userId, viewId, blockId: 'entitlement', actionId: 'entitlement', value: entitlement })
  const sent = await slack.submitView({ userId, viewId, values })
  if (!sent.ok) throw new Error(JSON.stringify(sent))
}

/** Whether AWS has taken such a call and keeps its caller waiting, as the fault `hang` makes it. */
export function isHanging({ aws }: World, operation: string): boolean {
  return aws.calls().some(call => call.operation === operation && call.outcome === 'hang')
}

/** Whether the requester was told that the access is theirs. */
export function isActive(world: World): boolean {
  return directMessages(world).some(text => text.includes('yours until'))
}

/** Whether the requester was told that the access has ended. */
export function isOver(world: World): boolean {
  return directMessages(world).some(text => text.includes('ended on time'))
}

/** The messages of the approvals channel, oldest first. */
export function approvals({ slack }: World): SlackMessage[] {
  const shared = slack.snapshot().channels.find(channel => channel.id === 'C0APPROVE')?.messages ?? []
  return shared.filter(message => message.ephemeralFor === undefined)
}

/** What only this person sees in the approvals channel. */
export function whispers({ slack }: World, userId: string): string[] {
  const shared = slack.snapshot().channels.find(channel => channel.id === 'C0APPROVE')?.messages ?? []
  return shared.filter(message => message.ephemeralFor === userId).map(message => message.text)
}

/** The direct messages from the bot to this person, oldest first, as their notifications read. */
export function directMessages({ slack }: World, userId = 'U0ALICE'): string[] {
  return (
    slack
      .snapshot()
      .directMessages.find(im => im.userId === userId)
      ?.messages.map(({ text }) => text) ?? []
  )
}

/** Everything a message shows, in one piece of text. */
export function shown(message: SlackMessage | undefined): string {
  return JSON.stringify(message?.blocks ?? [])
}

/** Waits until the request stands in the approvals channel with buttons, and returns its message. */
export async function awaitsDecision(world: World): Promise<SlackMessage> {
  return until('a request waits for approval', () =>
    approvals(world).findLast(message => shown(message).includes('"approve"')),
  )
}

/** Clicks a button of the latest request in the approvals channel. */
export async function clickLatest(world: World, userId: string, actionId: 'approve' | 'deny'): Promise<void> {
  const { ts } = await awaitsDecision(world)
  const clicked = await world.slack.click({ userId, channelId: 'C0APPROVE', ts, actionId })
  if (!clicked.ok) throw new Error(clicked.message)
}

/** Alice's inline policies made by Curfew. */
export function policies({ aws }: World): string[] {
  const users = aws.snapshot().accounts.flatMap(account => account.users)
  return users.flatMap(user => user.inlinePolicies.map(({ name }) => name)).filter(name => name.startsWith('curfew-'))
}

/** The assignments of single people, as `account set person`. */
export function assignments({ aws }: World): string[] {
  const toUsers = aws.snapshot().assignments.filter(assignment => assignment.principalType === 'USER')
  return toUsers.map(({ accountId, permissionSet, principalName }) => `${accountId} ${permissionSet} ${principalName}`)
}

/** Whether Alice's IAM user may read the table now, in AWS's own words when not. */
export function aliceReadsOrders({ aws }: World) {
  return aws.tryAction({
    as: aws.userSession({ accountId: '000000000000', userName: 'alice' }),
    action: 'dynamodb:GetItem',
    resource: 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/orders-eu',
  })
}

export const hour = 3_600_000
export const minute = 60_000
