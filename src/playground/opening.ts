import type { World } from './world.ts'

/**
 * The story opens in the middle: Alice has asked for a table, and Bob's click is awaited. She asks as anyone would,
 * through the form; only in a world where nothing has happened yet. Throws when the bot does not answer her.
 */
export async function openingRequest({ slack }: Pick<World, 'slack'>): Promise<void> {
  const before = slack.snapshot()
  if (before.channels.some(({ messages }) => messages.length > 0) || before.directMessages.length > 0) return
  const userId = 'U0ALICE'
  const answered = await slack.command({ userId, channelId: 'C0GENERAL', command: '/request-access' })
  if (!answered.ok) throw new Error(`The bot did not answer: ${answered.message}`)
  const view = () => slack.snapshot().views[userId]?.at(-1)
  const open = view()
  if (!open) throw new Error('The bot opened no form.')
  await slack.changeInput({
    userId,
    viewId: open.id,
    blockId: 'entitlement',
    actionId: 'entitlement',
    value: 'orders-table',
  })
  const values = {
    'parameter.table': 'eu',
    duration: '60',
    reason: 'A customer sees yesterday’s order twice: looking at what was written.',
  }
  await slack.submitView({ userId, viewId: open.id, values })
  if (view()) throw new Error('The bot did not take the form.')
  await asked(slack)
}

/** Resolves when the request stands in a channel; an AWS that is slow to check it delays the opening by so much only. */
function asked(slack: World['slack'], longest = 5000): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (slack.snapshot().channels.every(({ messages }) => messages.length === 0)) return
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(resolve, longest)
    const unsubscribe = slack.onChange(look)
    look()
  })
}
