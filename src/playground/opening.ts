import { firstPreset, openingWishes, type Preset, type Wish } from './presets.ts'
import type { World } from './world.ts'

type Slack = World['slack']

/**
 * The story opens in the middle: Alice has asked, and Bob's click is awaited. She asks as anyone would, through the
 * form; only in a world where nothing has happened yet. Throws when the bot does not answer her.
 */
export async function openingRequest({ slack }: Pick<World, 'slack'>, preset: Preset = firstPreset): Promise<void> {
  const before = slack.snapshot()
  if (messagesIn(slack) > 0 || before.directMessages.length > 0) return
  for (const [index, wish] of openingWishes[preset].entries()) {
    await ask(slack, wish)
    await asked(slack, index + 1)
  }
}

async function ask(slack: Slack, { entitlement, values }: Wish): Promise<void> {
  const userId = 'U0ALICE'
  const answered = await slack.command({ userId, channelId: 'C0GENERAL', command: '/request-access' })
  if (!answered.ok) throw new Error(`The bot did not answer: ${answered.message}`)
  const view = () => slack.snapshot().views[userId]?.at(-1)
  const open = view()
  if (!open) throw new Error('The bot opened no form.')
  const [blockId, actionId] = ['entitlement', 'entitlement']
  await slack.changeInput({ userId, viewId: open.id, blockId, actionId, value: entitlement })
  await slack.submitView({ userId, viewId: open.id, values })
  if (view()) throw new Error('The bot did not take the form.')
}

function messagesIn(slack: Slack): number {
  return slack.snapshot().channels.reduce((sum, { messages }) => sum + messages.length, 0)
}

/** Resolves when so many requests stand in channels; an AWS that is slow to check them delays the opening by so much only. */
function asked(slack: Slack, count: number, longest = 5000): Promise<void> {
  return new Promise(resolve => {
    const look = () => {
      if (messagesIn(slack) < count) return
      clearTimeout(timer)
      unsubscribe()
      resolve()
    }
    const timer = setTimeout(resolve, longest)
    const unsubscribe = slack.onChange(look)
    look()
  })
}
