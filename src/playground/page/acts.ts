import { type Preset, presets } from '../presets.ts'
import type { InputValue } from '../slack/input-state.ts'
import { leashesIn, leashPath } from './browser/leashes.ts'
import type { WorldFeed } from './page-state.ts'
import type { BotSwitch, PageWorld } from './page-world.ts'
import { awsFaults, type FaultChoice, setFault, slackFaults } from './standing-faults.ts'

/** Something that is done on the page. Persons are named by their Slack user id. */
export type Act =
  | { type: 'command'; userId: string; channelId: string; text: string }
  | { type: 'click'; userId: string; actionId: string; blockId: string; channelId: string; ts: string }
  | { type: 'clickView'; userId: string; actionId: string; blockId: string; viewId: string }
  | { type: 'input'; userId: string; viewId: string; blockId: string; actionId: string; value: InputValue }
  | { type: 'submit'; userId: string; viewId: string; values: Record<string, InputValue> }
  | { type: 'close'; userId: string; viewId: string }
  | { type: 'advance'; milliseconds: number }
  | { type: 'advanceToNextEnd' }
  | { type: 'bot'; run: boolean }
  | { type: 'openSession'; probeId: string }
  | { type: 'leash'; accountId: string; permissionSet: string; on: boolean }
  | { type: 'slackLanguage'; userId: string; language: 'en' | 'ja' }
  | { type: 'story'; preset: Preset }
  | ({ type: 'fault' } & FaultChoice)

/** What came of it; `message` is what the person saw, when they saw something. */
export type ActResult = { ok: boolean; message?: string }

/** The page has asked for something that has not this shape. */
export class MalformedAct extends Error {
  override name = 'MalformedAct'
}

/** The longest single move of the clock: a month. */
const advanceLimit = 31 * 24 * 60 * 60 * 1000

/** Reads an act. Throws MalformedAct. */
export function readAct(input: unknown): Act {
  if (!isRecord(input)) throw new MalformedAct('An act is an object.')
  const text = (name: string): string => {
    const value = input[name]
    if (typeof value !== 'string' || value.length > 4000) throw new MalformedAct(`${name} is not a text.`)
    return value
  }
  const userId = () => text('userId')
  const element = () => ({ userId: userId(), actionId: text('actionId'), blockId: text('blockId') })
  switch (input['type']) {
    case 'command':
      return { type: 'command', userId: userId(), channelId: text('channelId'), text: text('text') }
    case 'click':
      return { type: 'click', ...element(), channelId: text('channelId'), ts: text('ts') }
    case 'clickView':
      return { type: 'clickView', ...element(), viewId: text('viewId') }
    case 'input':
      return { type: 'input', ...element(), viewId: text('viewId'), value: readValue(input['value']) }
    case 'submit': {
      const values = input['values']
      if (!isRecord(values)) throw new MalformedAct('values is not an object.')
      const entered = Object.entries(values).map(([blockId, value]) => [blockId, readValue(value)] as const)
      return { type: 'submit', userId: userId(), viewId: text('viewId'), values: Object.fromEntries(entered) }
    }
    case 'close':
      return { type: 'close', userId: userId(), viewId: text('viewId') }
    case 'advance': {
      const milliseconds = input['milliseconds']
      const valid = typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= advanceLimit
      if (!valid) throw new MalformedAct('milliseconds is not between 0 and a month.')
      return { type: 'advance', milliseconds }
    }
    case 'advanceToNextEnd':
      return { type: 'advanceToNextEnd' }
    case 'bot':
      if (typeof input['run'] !== 'boolean') throw new MalformedAct('run is not true or false.')
      return { type: 'bot', run: input['run'] }
    case 'openSession':
      return { type: 'openSession', probeId: text('probeId') }
    case 'leash':
      if (typeof input['on'] !== 'boolean') throw new MalformedAct('on is not true or false.')
      return { type: 'leash', accountId: text('accountId'), permissionSet: text('permissionSet'), on: input['on'] }
    case 'slackLanguage': {
      const language = input['language']
      if (language !== 'en' && language !== 'ja') throw new MalformedAct('language is not en or ja.')
      return { type: 'slackLanguage', userId: userId(), language }
    }
    case 'fault':
      return { type: 'fault', ...readFault(input['service'], input['kind']) }
    case 'story': {
      const preset = presets.find(one => one === input['preset'])
      if (!preset) throw new MalformedAct('preset is not a story.')
      return { type: 'story', preset }
    }
    default:
      throw new MalformedAct('There is no such act.')
  }
}

function readFault(service: unknown, kind: unknown): FaultChoice {
  const ofAws = ['none' as const, ...awsFaults].find(one => one === kind)
  if (service === 'aws' && ofAws) return { service, kind: ofAws }
  const ofSlack = ['none' as const, ...slackFaults].find(one => one === kind)
  if (service === 'slack' && ofSlack) return { service, kind: ofSlack }
  throw new MalformedAct('service and kind are not a fault that can be set.')
}

function readValue(value: unknown): InputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (Array.isArray(value) && value.every(one => typeof one === 'string')) return value
  throw new MalformedAct('An entered value is a text, a number, a list of texts, or null.')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Does it. Throws for what Slack's client or AWS offers no way to do, e.g. a button that is gone. */
export async function perform(world: PageWorld, feed: WorldFeed, act: Act): Promise<ActResult> {
  const { slack, bot, clock } = world
  switch (act.type) {
    case 'command': {
      const [, command = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(act.text.trim()) ?? []
      return seen(await slack.command({ userId: act.userId, channelId: act.channelId, command, text }))
    }
    case 'click':
      return seen(await slack.click(act))
    case 'clickView':
      return seen(await slack.click(act))
    case 'input':
      return seen(await slack.changeInput(act))
    case 'submit':
      return seen(await slack.submitView(act))
    case 'close':
      await slack.closeView(act)
      return { ok: true }
    case 'advance':
      clock.advance(act.milliseconds)
      return { ok: true }
    case 'advanceToNextEnd': {
      const end = await feed.nextEnd()
      if (end === undefined) return { ok: false }
      clock.advance(Math.max(0, end - clock.now()))
      return { ok: true }
    }
    case 'bot':
      return switchBot(bot, act.run)
    case 'openSession': {
      openSession(world, feed, act.probeId)
      return { ok: true }
    }
    case 'leash':
      changeLeash(world, act)
      feed.look()
      return { ok: true }
    case 'slackLanguage':
      setSlackLanguage(world, act)
      return { ok: true }
    case 'fault':
      setFault(world, act)
      feed.look()
      return { ok: true }
    case 'story':
      return beginStory(world, act.preset)
    default:
      return act satisfies never
  }
}

/** Resolves when the other story has opened; a bot that did not start leaves its words. */
async function beginStory({ story }: PageWorld, preset: Preset): Promise<ActResult> {
  try {
    await story.begin(preset)
    return { ok: true }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/** Why the bot did not start is for the person to read, unless they stopped it themselves meanwhile. */
async function switchBot(bot: BotSwitch, run: boolean): Promise<ActResult> {
  stopped.set(bot, !run)
  if (!run) {
    await bot.stop()
    return { ok: true }
  }
  try {
    await bot.start()
    return { ok: true }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return { ok: false, ...(stopped.get(bot) ? {} : { message: words }) }
  }
}

/** Whether the last switching was a stop. */
const stopped = new WeakMap<BotSwitch, boolean>()

/** Of what a person saw, the sentence on the surface they acted on; refused inputs carry theirs in the view. */
function seen(outcome: { ok: boolean; message?: string }): ActResult {
  return { ok: outcome.ok, ...(outcome.message === undefined ? {} : { message: outcome.message }) }
}

function openSession({ aws, probes, people }: PageWorld, feed: WorldFeed, probeId: string): void {
  const probe = probes.find(({ id }) => id === probeId)
  const person = people.find(({ id }) => id === probe?.terminal.as)
  const way = feed.whole().terminals.find(terminal => terminal.probeId === probeId)?.wayIn
  if (!probe || !person || !way) throw new Error('AWS offers nothing for this.')
  const { accountId } = probe
  const { iamUser, identityCenterUser: userName } = person
  if (way.kind === 'portal' && userName !== undefined)
    aws.portalSession({ accountId, permissionSet: way.permissionSet, userName })
  if (way.kind === 'role' && iamUser) aws.switchRole({ ...iamUser, roleArn: way.roleArn })
}

/** What an administrator of Identity Center could do; the bot has no part in it, and no right to. */
function changeLeash({ aws }: PageWorld, { accountId, permissionSet, on }: Extract<Act, { type: 'leash' }>): void {
  const boundary = leashPath(permissionSet)
  const isThere = leashesIn(aws.snapshot(), accountId).some(({ of, name }) => of === 'set' && name === permissionSet)
  if (!isThere) throw new Error(`There is no policy ${boundary} in ${accountId}.`)
  aws.changeBoundary({ accountId, permissionSet, ...(on && { boundary }) })
}

/** As the person would in Slack's preferences; saying so again changes nothing. */
function setSlackLanguage({ slack }: PageWorld, { userId, language }: { userId: string; language: 'en' | 'ja' }): void {
  const locale = language === 'ja' ? 'ja-JP' : 'en-US'
  const user = slack.snapshot().users.find(({ id }) => id === userId)
  if (user && user.locale !== locale) slack.setUser(userId, { locale })
}
