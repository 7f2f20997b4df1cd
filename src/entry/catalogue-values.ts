import { z } from 'zod'
import { blame, didYouMean } from './catalogue-problems.ts'
import { keysOf } from './catalogue-yaml.ts'

/**
 * Text of a certain shape. `what` completes the sentence `"x" is not …`; `example` is shown where the text is missing.
 * The pattern stands in the JSON Schema too, which knows no flags.
 */
export function shaped(pattern: RegExp, what: string, remedy: string, example: string): z.ZodString {
  const text = z.string().superRefine((written, ctx) => {
    if (!pattern.test(written)) blame(ctx, `"${written}" is not ${what}.`, remedy)
  })
  return text.meta({ example, pattern: pattern.source, description: `${asHeading(what)} ${remedy}` })
}

/** `an AWS region` → `An AWS region.` */
function asHeading(what: string): string {
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}.`
}

/** Slack's ids; their first letter says what they name. */
export const teamId = shaped(/^T[A-Z0-9]+$/, 'a Slack workspace id', 'Workspace ids begin with T: T0001.', 'T0001')
/** A Slack channel, by its id. */
export const channelId = shaped(
  /^[CG][A-Z0-9]+$/,
  'a Slack channel id',
  'Write the id at the foot of the channel details; it begins with C.',
  'C0APPROVE',
)
/** A Slack user group, by its id. */
export const userGroupId = shaped(
  /^S[A-Z0-9]+$/,
  'a Slack user group id',
  'Write the id, which begins with S, not the handle.',
  'S0PLATFORM',
)
/** The shape of a Slack user id. */
export const slackUser = /^[UW][A-Z0-9]+$/
/** A Slack user, by their id. */
export const slackUserId = shaped(slackUser, 'a Slack user id', 'User ids begin with U or W: U0ALICE.', 'U0ALICE')

/** Twelve digits, as text: as numbers they lose their zeros. */
export const accountId = shaped(
  /^\d{12}$/,
  'an AWS account id',
  'Write its twelve digits in quotes: "111111111111".',
  '"111111111111"',
)

/** What IAM takes as a name of a user, a role or a permission set. */
export const awsName = shaped(
  /^[\w+=,.@-]{1,64}$/,
  'a name in AWS',
  'Write the name alone, not the ARN: up to 64 letters, digits and +=,.@_-.',
  'curfew-member',
)

/** A pattern of ARNs. */
export const arnPattern = shaped(
  /^arn:[^\s]+$/,
  'an ARN',
  'Write a whole ARN; * stands for any text.',
  'arn:aws:iam::*:role/break-glass*',
)

/** A pattern of actions for the catalogue's neverGrant list. */
export const actionPattern = shaped(
  /^[a-z0-9*?-]+:[A-Za-z0-9*?]+$/,
  'a pattern of actions',
  'Write service:Action, for example organizations:*.',
  'organizations:*',
)

/** Text that appears as an option in Slack, which takes 75 characters (platform: D4). */
export const optionText = z
  .string()
  .superRefine((text, ctx) => {
    if (text.trim() === '') blame(ctx, 'This text is empty.', 'Write what people will read in Slack.')
    if (text.length > 75) {
      blame(ctx, `This text has ${text.length} characters; Slack shows at most 75.`, 'Shorten it.')
    }
  })
  .meta({
    example: 'Production read-only',
    description: 'What people read in Slack: up to 75 characters.',
    minLength: 1,
    maxLength: 75,
  })

/** The same text in each language. */
export const text = z
  .strictObject({
    en: optionText.describe('In English; up to 75 characters.'),
    ja: optionText.describe('In Japanese; up to 75 characters.'),
  })
  .meta({ example: '{ en: Read-only, ja: 読み取り専用 }', description: 'What people read in Slack, in each language.' })

/** A list with something in it and nothing twice. */
export function listOf<T extends z.ZodType>(item: T, example: string): z.ZodArray<T> {
  const list = z.array(item).superRefine((items, ctx) => {
    if (items.length === 0) blame(ctx, 'The list is empty.', `Write at least one: ${example}.`)
    for (const [index, value] of items.entries()) {
      if (typeof value === 'string' && items.indexOf(value) < index) {
        blame(ctx, `${value} is in the list twice.`, 'Keep one of them.', [index])
      }
    }
  })
  return list.meta({ example, minItems: 1, ...(item instanceof z.ZodString && { uniqueItems: true }) })
}

/** A section whose keys are names the author chooses. `what` is what they name, for the message. */
export function namedBy<T extends z.ZodType>(pattern: RegExp, what: string, remedy: string, value: T) {
  const names = z
    .string()
    .meta({ pattern: pattern.source, description: `${asHeading(`the name of ${what}`)} ${remedy}` })
  return z.record(names, value).superRefine(
    (section, ctx) => {
      for (const key of keysOf(section)) {
        if (!pattern.test(key)) blame(ctx, `"${key}" cannot name ${what}.`, remedy, [key])
      }
    },
    // Also when a value in the section is wrong.
    { when: () => true },
  )
}

/** The shape of ids chosen in the catalogue: they become values of Slack options and parts of logs. */
const idShape = /^[a-z0-9-]{1,40}$/
const idRemedy = 'Use up to 40 small letters, digits and hyphens.'

/** A reference to a key of another section. */
export function referenceTo(what: string, known: string[]) {
  const reference = z.string().superRefine((key, ctx) => {
    if (known.includes(key)) return
    const remedy = known.length > 0 ? `Known are ${known.join(', ')}.` : `Add it under ${what}s first.`
    blame(ctx, `There is no ${what} ${key}.`, didYouMean(key, known) || remedy)
  })
  return reference.describe(`One of the keys under ${what}s.`)
}

/** A duration within bounds (minutes, inclusive), read into minutes: `30m`, `1h`, `90m`. */
export function durationBetween(leastMinutes: number, mostMinutes: number) {
  const [least, most] = [shortDuration(leastMinutes), shortDuration(mostMinutes)]
  const duration = z.unknown().transform((written, ctx): number => {
    const minutes = typeof written === 'string' ? minutesIn(written, /^(\d+)(m|h)$/) : undefined
    if (minutes === undefined) {
      const meant = minutesIn(String(written), /^\s*(\d+(?:\.\d+)?)\s*(m|h|d|)(?:ins?|inutes?|rs?|ours?|ays?)?\s*$/i)
      const remedy = meant ? `Write ${shortDuration(Math.min(meant, mostMinutes))}.` : 'Write it like 30m, 90m or 1h.'
      const shown = typeof written === 'string' ? `"${written}"` : JSON.stringify(written)
      blame(ctx, written === undefined ? 'The duration is missing.' : `${shown} is not a duration.`, remedy)
      return z.NEVER
    }
    if (minutes < leastMinutes) blame(ctx, `${String(written)} is too short.`, `At least ${least}.`)
    if (minutes > mostMinutes) blame(ctx, `${String(written)} is too long.`, `At most ${most}.`)
    return minutes
  })
  const description = `From ${least} to ${most}, in minutes or hours: 30m, 90m, 1h.`
  return duration.meta({ type: 'string', pattern: '^[1-9][0-9]*(m|h)$', description })
}

const minutesPer: Record<string, number> = { h: 60, d: 24 * 60 }

function minutesIn(written: string, pattern: RegExp): number | undefined {
  const [, amount, unit] = pattern.exec(written) ?? []
  if (amount === undefined) return undefined
  return Math.round(Number(amount) * (minutesPer[unit?.toLowerCase() ?? ''] ?? 1))
}

/** Minutes as the catalogue writes them. */
export function shortDuration(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`
}

/** A section whose keys are ids the author chooses: accounts, groups, entitlements. */
export const named = <T extends z.ZodType>(name: string, value: T) => namedBy(idShape, name, idRemedy, value)

/** An AWS region. */
export const region = shaped(
  /^[a-z]{2}(-[a-z]+)+-\d$/,
  'an AWS region',
  'Write it like ap-northeast-1.',
  'ap-northeast-1',
)
