import { z } from 'zod'
import type { ActionFacts } from '../core/action-facts.ts'
import { awsSection } from './catalogue-aws.ts'
import { grantableAction, parameterPattern, resource } from './catalogue-policy.ts'
import { blame } from './catalogue-problems.ts'
import {
  actionPattern,
  awsName,
  channelId,
  durationBetween,
  listOf,
  named,
  namedBy,
  referenceTo,
  region,
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
  /** Who is in the groups whose members are named one by one. */
  members: Record<string, string[]>
  neverGrant: string[]
  identityCenter: boolean
  /** The name of the member role, where it can be read. */
  memberRole: string | undefined
  /** Whether the jump account is one of the accounts and marked as sensitive. */
  sensitiveHub: boolean
  facts: ActionFacts
}

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
      /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/,
      'an e-mail domain',
      'Write what follows the @: example.com.',
      '[example.com]',
    ),
    '[example.com]',
  ).describe('People in Slack are found in AWS by an e-mail address in one of these domains.'),
  iamUser: iamUserTemplate.default('{emailLocalPart}').meta({
    pattern: '^[\\w+=,.@-]*\\{emailLocalPart\\}[\\w+=,.@-]*$',
    description: 'The IAM user of a person, from what precedes the @ of their address.',
  }),
  overrides: namedBy(
    slackUser,
    'a person',
    'Write a Slack user id, like U0ALICE.',
    z.strictObject({
      iamUser: awsName.describe('The name of their IAM user.').exactOptional(),
      identityCenterUser: z.string().describe('Their user name in Identity Center.').exactOptional(),
    }),
  )
    .default({})
    .describe('People whose AWS identity is not what their e-mail address says, by Slack user id.'),
})

const group = z
  .strictObject({
    slackUserGroup: userGroupId.optional(),
    slackUsers: listOf(slackUserId, '[U0CAROL]').describe('The Slack user ids of the members.').optional(),
  })
  .superRefine(({ slackUserGroup, slackUsers }, ctx) => {
    const remedy = 'Write either slackUserGroup: S… or slackUsers: [U…].'
    if (slackUserGroup === undefined && slackUsers === undefined) blame(ctx, 'The group has no members.', remedy)
    if (slackUserGroup && slackUsers) blame(ctx, 'The members are given twice.', remedy)
  })
  .meta({
    description: 'Either slackUserGroup or slackUsers.',
    minProperties: 1,
    maxProperties: 1,
    example: '{ slackUserGroup: S0PLATFORM }',
  })

const target = z
  .unknown()
  .transform((on, ctx): 'user' | { role: string } => {
    if (on === 'user') return on
    const role = z.strictObject({ role: awsName }).safeParse(on)
    if (role.success) return role.data
    blame(ctx, 'on names neither user nor a role.', 'Write on: user, or on: { role: Dev }.')
    return z.NEVER
  })
  .meta({
    description:
      "The requester's own IAM user; or a role that a team shares, bound to the requester's sessions by the trust policy of the role.",
    anyOf: [
      { const: 'user' },
      {
        type: 'object',
        properties: { role: { type: 'string', description: 'The name of the role.' } },
        required: ['role'],
        additionalProperties: false,
      },
    ],
    example: 'user',
  })

function inlinePolicy({ neverGrant, facts }: Known) {
  const statement = z.strictObject({
    actions: listOf(grantableAction(neverGrant, facts), '["s3:GetObject"]').describe('What may be done.'),
    resources: listOf(resource, '["arn:aws:s3:::bucket/prefix/*"]').describe(
      `ARNs, or *; a parameter stands as \${name}.`,
    ),
  })
  return z.strictObject({
    on: target,
    statements: listOf(statement, '[{ actions: […], resources: […] }]').describe('What is allowed; nothing is denied.'),
  })
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
  .meta({
    type: 'integer',
    minimum: 1,
    maximum: mostApprovers,
    description: 'How many different people; 1 unless written.',
  })

/** The parts of an entitlement, each of which can be read although another one is wrong. */
export function entitlementSection(known: Known) {
  const { accounts, groups } = known
  const group = referenceTo('group', groups)
  const rule = z.strictObject({
    from: listOf(group, '[platform]').describe('The groups whose members may approve.'),
    count,
  })
  const auto = z.strictObject({
    upTo: durationBetween(1, 720),
    perPersonPerDay: z.number().describe('How many requests of one person in a day.'),
    whenIn: listOf(group, '[oncall]').describe('For members of these groups only.').optional(),
  })
  return z.strictObject({
    title: text,
    permissionSet: shaped(
      /^[\w+=,.@-]{1,32}$/,
      'the name of a permission set',
      'Write the name alone, not the ARN; at most 32 characters.',
      'Curfew-ReadOnly',
    ).optional(),
    leash: z
      .enum(['required', 'off'])
      .describe('To be written with permissionSet. required: AWS itself ends the access. off: it ends by removal.')
      .optional(),
    inlinePolicy: inlinePolicy(known)
      .describe("A policy on the requester's own IAM user or on a shared role, which AWS itself ends on time.")
      .optional(),
    assume: z
      .strictObject({ role: awsName.describe('The name of the role.') })
      .describe(
        'Entering a role for a while, from the IAM user in the jump account; one with MFA unless requireMfa: false.',
      )
      .optional(),
    parameters: namedBy(
      /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
      'a parameter',
      'Begin with a letter; then up to 39 letters, digits, _ and -.',
      z.strictObject({ label: text, pattern: parameterPattern }),
    )
      .default({})
      .describe(`What the requester fills in; each is used in a resource as \${name}.`),
    accounts: listOf(referenceTo('account', accounts), '[prod]').describe('Where it may be asked for.'),
    requesters: listOf(group, '[developers]').describe('The groups whose members may ask.'),
    approvals: z
      .strictObject({
        auto: auto.describe('Not available yet: approval without a click.').optional(),
        rules: listOf(rule, '[{ from: [platform], count: 1 }]').describe(
          'All of them must be met, and one person counts for one of them.',
        ),
        // A week: approvals of last week's question are not approvals.
        within: durationBetween(5, 7 * 24 * 60)
          .describe('Then the request lapses: from 5m to 168h, 4h unless written.')
          .optional(),
        thenEscalateTo: listOf(group, '[security]')
          .describe('Not available yet: the groups to ask when nobody answers.')
          .optional(),
      })
      .meta({ description: 'Who says yes.', example: '{ rules: [{ from: [platform], count: 1 }] }' }),
    durations: listOf(durationBetween(15, 720), '[30m, 1h, 4h]').meta({
      maxItems: 20,
      description: 'The choices for how long, ascending.',
    }),
    ticket: z.enum(['required', 'optional', 'off']).default('off').describe('Whether the form asks for a ticket.'),
    requireMfa: z
      .boolean()
      .describe(
        'Inline policies and assume: usable after signing in with MFA; true in sensitive accounts and for assume unless written.',
      )
      .optional(),
    regions: listOf(region, '[ap-northeast-1]')
      .describe('Inline policies only: no other region, whatever the resources say.')
      .optional(),
    allowPersistence: z
      .boolean()
      .describe('true: may leave behind what goes on after the end, also in sensitive accounts.')
      .optional(),
    breakGlass: z.unknown().optional().describe('Not available yet: leave it out.'),
  })
}

/** The whole catalogue. */
export function catalogueSchema(known: Known) {
  return z.strictObject({
    slack: z
      .strictObject({
        team: teamId,
        approvalsChannel: channelId.describe('Where approvers are asked: the id of the channel, which begins with C.'),
        alertsChannel: channelId.describe(
          'Where people are told that access could not be removed: the id of the channel.',
        ),
        language: z.enum(['en', 'ja']).default('en').describe('For channels; each person is written to in their own.'),
      })
      .describe('The workspace.'),
    aws: awsSection.describe('The organisation.'),
    people: people.describe('How people in Slack become people in AWS.'),
    groups: named('a group', group).describe('Who may ask and who may approve, by a key of your choice.'),
    operators: listOf(referenceTo('group', known.groups), '[security]')
      .describe('The groups that look after Curfew.')
      .optional(),
    neverGrant: z
      .array(actionPattern)
      .default([])
      .describe('Actions that no inline policy gives, beside those that Curfew never grants anyway.'),
    entitlements: named('an entitlement', entitlementSection(known)).meta({
      minProperties: 1,
      maxProperties: 100,
      description: 'What may be asked for, by an id of your choice.',
    }),
  })
}
