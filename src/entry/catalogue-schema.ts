import { z } from 'zod'
import type { ActionFacts } from '../core/action-facts.ts'
import { grantableAction, parameterPattern, resource } from './catalogue-policy.ts'
import { blame } from './catalogue-problems.ts'
import {
  accountId,
  actionPattern,
  arnPattern,
  awsName,
  channelId,
  durationBetween,
  idRemedy,
  idShape,
  listOf,
  namedBy,
  optionText,
  referenceTo,
  shaped,
  slackUser,
  slackUserId,
  teamId,
  text,
  userGroupId,
} from './catalogue-values.ts'

/** What other sections refer to. It is known before anything is checked, so that everything is checked at once. */
export type Known = {
  accounts: string[]
  /** Keys of the accounts that are marked as sensitive. */
  sensitive: string[]
  groups: string[]
  neverGrant: string[]
  identityCenter: boolean
  facts: ActionFacts
}

const region = shaped(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region', 'Write it like ap-northeast-1.', 'ap-northeast-1')

const identityCenter = z
  .strictObject({
    region,
    instanceArn: shaped(
      /^arn:aws[a-z-]*:sso:::instance\/[\w-]+$/,
      'the ARN of an Identity Center instance',
      'Copy it from the settings of Identity Center: arn:aws:sso:::instance/ssoins-….',
      'arn:aws:sso:::instance/ssoins-1',
    ),
    identityStoreId: shaped(
      /^(d-[a-z0-9]+|[0-9a-f-]{36})$/,
      'an identity store id',
      'Copy it from the settings of Identity Center; it begins with d-.',
      'd-1',
    ),
    startUrl: shaped(/^https:\/\/\S+$/, 'the address of the access portal', 'It begins with https://.', 'https://…'),
    assumeRole: arnPattern.optional(),
  })
  .meta({ example: '{ region: …, instanceArn: …, identityStoreId: …, startUrl: … }' })

const account = z.strictObject({ id: accountId, name: optionText, sensitive: z.boolean().default(false) })

const named = <T extends z.ZodType>(name: string, value: T) => namedBy(idShape, name, idRemedy, value)

/** The section `aws`. */
export const awsSection = z.strictObject({
  hubAccount: accountId,
  managementAccount: accountId,
  memberRole: awsName,
  neverTouch: z.array(arnPattern).default([]),
  identityCenter: identityCenter.optional(),
  federation: z.unknown().optional(),
  accounts: named('an account', account).meta({ example: '{ prod: { id: "111111111111", name: Production } }' }),
})

const iamUserTemplate = z.string().superRefine((template, ctx) => {
  const blank = '{emailLocalPart}'
  const fixed = template.replace(blank, '')
  if (!template.includes(blank)) {
    blame(ctx, `"${template}" is the same IAM user for everybody.`, `Write ${blank} where people differ.`)
  } else if (!/^[\w+=,.@-]*$/.test(fixed)) {
    blame(ctx, `"${template}" does not make IAM user names.`, `The only blank is ${blank}, once; no path, no ARN.`)
  }
})

const people = z.strictObject({
  emailDomains: listOf(
    shaped(
      /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
      'an e-mail domain',
      'Write what follows the @: example.com.',
      '[example.com]',
    ),
    '[example.com]',
  ),
  iamUser: iamUserTemplate.default('{emailLocalPart}'),
  overrides: namedBy(
    slackUser,
    'a person',
    'Write a Slack user id, like U0ALICE.',
    z.strictObject({ iamUser: awsName.exactOptional(), identityCenterUser: z.string().exactOptional() }),
  ).default({}),
})

const group = z
  .strictObject({ slackUserGroup: userGroupId.optional(), slackUsers: listOf(slackUserId, '[U0CAROL]').optional() })
  .superRefine(({ slackUserGroup, slackUsers }, ctx) => {
    const remedy = 'Write either slackUserGroup: S… or slackUsers: [U…].'
    if (slackUserGroup === undefined && slackUsers === undefined) blame(ctx, 'The group has no members.', remedy)
    if (slackUserGroup && slackUsers) blame(ctx, 'The members are given twice.', remedy)
  })
  .meta({ example: '{ slackUserGroup: S0PLATFORM }' })

const target = z
  .unknown()
  .transform((on, ctx): 'user' | { role: string } => {
    if (on === 'user') return on
    const role = z.strictObject({ role: awsName }).safeParse(on)
    if (role.success) return role.data
    blame(ctx, `on names neither user nor a role.`, 'Write on: user.')
    return z.NEVER
  })
  .meta({ example: 'user' })

function inlinePolicy(neverGrant: string[]) {
  const statement = z.strictObject({
    actions: listOf(grantableAction(neverGrant), '["s3:GetObject"]'),
    resources: listOf(resource, '["arn:aws:s3:::bucket/prefix/*"]'),
  })
  return z.strictObject({ on: target, statements: listOf(statement, '[{ actions: […], resources: […] }]') })
}

/** More than so many would wait for ever. */
const mostApprovers = 5

const count = z
  .unknown()
  .default(1)
  .transform((written, ctx): number => {
    if (typeof written === 'number' && Number.isInteger(written) && written > 0 && written <= mostApprovers)
      return written
    blame(ctx, 'count is how many people must approve.', `Write a number from 1 to ${mostApprovers}.`)
    return z.NEVER
  })

/** The parts of an entitlement, each of which can be read although another one is wrong. */
export function entitlementSection({ accounts, groups, neverGrant }: Known) {
  const group = referenceTo('group', groups)
  const rule = z.strictObject({ from: listOf(group, '[platform]'), count })
  const auto = z.strictObject({
    upTo: durationBetween(1, 720),
    perPersonPerDay: z.number(),
    whenIn: listOf(group, '[oncall]').optional(),
  })
  return z.strictObject({
    title: text,
    permissionSet: shaped(
      /^[\w+=,.@-]{1,32}$/,
      'the name of a permission set',
      'Write the name alone, not the ARN; at most 32 characters.',
      'Curfew-ReadOnly',
    ).optional(),
    leash: z.enum(['required', 'off']).optional(),
    inlinePolicy: inlinePolicy(neverGrant).optional(),
    assume: z.strictObject({ role: awsName }).optional(),
    parameters: namedBy(
      /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
      'a parameter',
      'Begin with a letter; then up to 39 letters, digits, _ and -.',
      z.strictObject({ label: text, pattern: parameterPattern }),
    ).default({}),
    accounts: listOf(referenceTo('account', accounts), '[prod]'),
    requesters: listOf(group, '[developers]'),
    approvals: z
      .strictObject({
        auto: auto.optional(),
        rules: listOf(rule, '[{ from: [platform], count: 1 }]'),
        // A week: approvals of last week's question are not approvals.
        within: durationBetween(5, 7 * 24 * 60).optional(),
        thenEscalateTo: listOf(group, '[security]').optional(),
      })
      .meta({ example: '{ rules: [{ from: [platform], count: 1 }] }' }),
    durations: listOf(durationBetween(15, 720), '[30m, 1h, 4h]'),
    ticket: z.enum(['required', 'optional', 'off']).default('off'),
    requireMfa: z.boolean().optional(),
    regions: listOf(region, '[ap-northeast-1]').optional(),
    allowPersistence: z.unknown().optional(),
    breakGlass: z.unknown().optional(),
  })
}

/** The whole catalogue. */
export function catalogueSchema(known: Known) {
  return z.strictObject({
    slack: z.strictObject({
      team: teamId,
      approvalsChannel: channelId,
      alertsChannel: channelId,
      language: z.enum(['en', 'ja']).default('en'),
    }),
    aws: awsSection,
    people,
    groups: named('a group', group),
    operators: listOf(referenceTo('group', known.groups), '[security]').optional(),
    neverGrant: z.array(actionPattern).default([]),
    entitlements: named('an entitlement', entitlementSection(known)),
  })
}
