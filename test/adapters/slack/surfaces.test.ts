import { describe, expect, it } from 'vitest'
import { renderActiveMessage } from '../../../src/adapters/slack/active-message.ts'
import { renderAlertMessage } from '../../../src/adapters/slack/alert-message.ts'
import { renderApprovalMessage } from '../../../src/adapters/slack/approval-message.ts'
import { renderAskedMessage } from '../../../src/adapters/slack/asked-message.ts'
import type { Message } from '../../../src/adapters/slack/blocks.ts'
import { denialForm } from '../../../src/adapters/slack/denial-form.ts'
import { renderEndAllForm, renderNotAnOperator } from '../../../src/adapters/slack/end-all-form.ts'
import { renderEndAllMessage } from '../../../src/adapters/slack/end-all-message.ts'
import { renderPolicyView } from '../../../src/adapters/slack/policy-view.ts'
import { renderReasonForm } from '../../../src/adapters/slack/reason-form.ts'
import { refusalTexts } from '../../../src/adapters/slack/refusals.ts'
import { removalForm } from '../../../src/adapters/slack/removal-form.ts'
import { renderAnnouncement } from '../../../src/adapters/slack/render-announcement.ts'
import { renderReply } from '../../../src/adapters/slack/replies.ts'
import { renderNotAMember, renderRequestForm } from '../../../src/adapters/slack/request-form.ts'
import type { AccessRequest, Status, Target } from '../../../src/core/access-request.ts'
import { announcementsOf } from '../../../src/core/announcements.ts'
import type { Catalogue, Entitlement, Language, PlainWords } from '../../../src/core/entitlement.ts'
import type { RefusalCode } from '../../../src/core/errors.ts'
import { checkMessageBlocks, checkView } from '../../../src/playground/slack/block-kit.ts'
import {
  aCatalogue,
  anEndAll,
  anEntryRequest,
  aRequest,
  aRoleRequest,
  aSetContent,
  aSetRequest,
  someId,
  statuses,
} from '../../support/builders.ts'

const languages: Language[] = ['en', 'ja']
const makers = { inlinePolicy: aRequest, permissionSet: aSetRequest, rolePolicy: aRoleRequest, assume: anEntryRequest }
const nasty = '<!channel> & 🙂 *Approved* `x` \u202e\n'
const longReason = nasty.repeat(50).slice(0, 500)
const longName = '&<>`*_🙂'.repeat(20).slice(0, 64)

const words: PlainWords = {
  lines: [1, 2, 3].map(() => ({ en: longReason, ja: longReason })),
  careful: { en: longReason, ja: longReason },
}

const hostileRole = { roleName: longName, roleArn: `arn:aws:iam::222222222222:role/${'a<&'.repeat(170)}/x` }

function hostileParts(target: Target): Partial<Target> {
  const statements = Array.from({ length: 12 }, (_, index) => ({
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
    resources: [`arn:aws:dynamodb:*:222222222222:table/${'a<&'.repeat(30)}${index}`],
  }))
  switch (target.kind) {
    case 'inlinePolicy':
      return { userName: longName, statements }
    case 'rolePolicy':
      return { userName: longName, statements, ...hostileRole }
    case 'assume':
      return { userName: longName, ...hostileRole }
    case 'permissionSet': {
      const content = {
        ...aSetContent({ inline: JSON.stringify({ Statement: nasty.repeat(1000) }), words }),
        managed: Array.from({ length: 20 }, (_, index) => `arn:aws:iam::aws:policy/${longName}${index}`),
        boundary: longName,
      }
      return { userName: longName, permissionSet: longName, content }
    }
  }
}

/** Everything a person or an author can make long or hostile, made so. */
function hostile(request: AccessRequest): AccessRequest {
  const target = 'target' in request ? { target: { ...request.target, ...hostileParts(request.target) } } : {}
  return {
    ...request,
    ...target,
    ...(request.asked.kind === 'inlinePolicy' && { asked: { ...request.asked, words } }),
    ...('denialReason' in request ? { denialReason: longReason } : {}),
    ...('note' in request ? { note: nasty.repeat(100) } : {}),
    ...('endedAt' in request ? { settledBy: { userId: 'U0CAROL', reason: longReason, confirmed: false } } : {}),
    requester: { ...request.requester, name: longName },
    title: { en: longName, ja: longName },
    account: { ...request.account, name: longName, sensitive: true },
    reason: longReason,
    ticket: nasty.repeat(5).slice(0, 100),
    retries: { work: { attempts: 1, at: request.submittedAt, since: request.submittedAt, problem: nasty.repeat(99) } },
  } as AccessRequest
}

function inLanguage(language: Language): Catalogue {
  const catalogue = aCatalogue()
  return { ...catalogue, slack: { ...catalogue.slack, language } }
}

function ofLanguage(request: AccessRequest, language: Language): AccessRequest {
  return { ...request, requester: { ...request.requester, language } }
}

function expectValid({ text, blocks }: Message) {
  expect(checkMessageBlocks(blocks)).toEqual([])
  expect(text.length).toBeGreaterThan(10)
  expect(text.length).toBeLessThan(4000)
  const everything = `${text}${JSON.stringify(blocks)}`
  expect(everything).not.toMatch(/<!(channel|here|everyone)|\u202e|undefined|NaN|\[object/)
}

const walk = languages.flatMap(language =>
  Object.values(makers).flatMap(make =>
    statuses.flatMap((status: Status) => {
      const calm: AccessRequest = ofLanguage(make(status), language)
      return [calm, hostile(calm)].map((request, index) => ({
        request,
        language,
        name: `${status} ${request.asked.kind} ${language}${index === 1 ? ' hostile' : ''}`,
      }))
    }),
  ),
)

describe('every announcement', () => {
  it.each(walk)('is one Slack takes: $name', ({ request, language }) => {
    const catalogue = inLanguage(language)
    for (const announcement of announcementsOf(request)) {
      expectValid(renderAnnouncement(request, announcement, catalogue))
    }
    // Also in statuses that owe none today: a message once posted may be drawn again.
    expectValid(renderApprovalMessage(request, language))
    expectValid(renderAskedMessage(request, 'C0APPROVE'))
    expectValid(renderAlertMessage(request, catalogue, language))
    if ('expiresAt' in request && request.status !== 'granting') expectValid(renderActiveMessage(request, catalogue))
    expect(checkView(renderPolicyView(request, language))).toEqual([])
  })

  it('offers to decide while the request is pending and never after', () => {
    for (const { request, language } of walk) {
      const ids = JSON.stringify([renderApprovalMessage(request, language), renderAskedMessage(request, 'C0APPROVE')])
      const found = [...ids.matchAll(/"action_id":"([a-z]+)"/g)].map(match => match[1])
      expect(found, request.status).toEqual(request.status === 'pending' ? ['approve', 'deny', 'cancel'] : [])
    }
  })

  it('offers to end it or to ask for more while the request is active and never after', () => {
    for (const { request } of walk) {
      if (!('expiresAt' in request) || request.status === 'granting') continue
      const drawn = JSON.stringify(renderActiveMessage(request, aCatalogue()))
      const found = [...drawn.matchAll(/"action_id":"([a-z]+)"/g)].map(match => match[1])
      expect(found, request.status).toEqual(request.status === 'active' ? ['extend', 'end'] : [])
    }
  })

  it('does not draw what the status does not owe', () => {
    const owedNothing = { key: 'active', kind: 'active', shows: 'active' } as const
    expect(() => renderAnnouncement(aRequest('pending'), owedNothing, aCatalogue())).toThrow(/nothing to say in active/)
  })
})

describe('the message on the end of everything of a person', () => {
  it.each(languages)('is one Slack takes, in %s', language => {
    const by = { userId: 'U0CAROL', teamId: 'T0001', language }
    const many = [1, 2, 3, 4].flatMap(() => statuses.map(status => hostile(aSetRequest(status))))
    for (const requests of [[], [aRequest('active')], [aRequest('revoked')], many]) {
      expectValid(renderEndAllMessage(anEndAll({ by, reason: longReason, status: 'judged' }), requests))
    }
    expectValid(renderEndAllMessage(anEndAll({ by, status: 'refused', code: 'not_an_operator' }), []))
  })

  it('counts what has gone, and names each request with how it stands', () => {
    const endAll = anEndAll({ status: 'judged' })
    const message = renderEndAllMessage(endAll, [aRequest('revoking'), aSetRequest('cancelled')])
    expect(message.text).toBe('All access of <@U0DAI>: ending (1 of 2)')
    expect(JSON.stringify(message.blocks)).toContain(
      '• One DynamoDB table in Development – Development (`222222222222`): being removed from AWS\\n• Production read-only – Production (`111111111111`): withdrawn',
    )
    expect(renderEndAllMessage(endAll, []).text).toBe('All access of <@U0DAI>: there is nothing to end')
  })
})

describe('every reply', () => {
  const codes = Object.keys(refusalTexts) as RefusalCode[]
  it.each(walk)('is one Slack takes: $name', ({ request, language }) => {
    for (const code of codes) expectValid(renderReply(request, code, language))
  })

  it.each(codes)('has a sentence of its own for %s in both languages', code => {
    expect(refusalTexts[code].en).toMatch(/^[A-Z].*\.$/)
    expect(refusalTexts[code].ja).toMatch(/。$/)
    expect(refusalTexts[code].ja).not.toBe(refusalTexts[code].en)
  })
})

describe('every form', () => {
  const many = Array.from(
    { length: 230 },
    (_, index): Entitlement => ({
      id: `e${index}-${'x'.repeat(59)}`,
      title: { en: `${index} ${longName}`, ja: `${index} ${longName}` },
      grants: aCatalogue().entitlements['dev-table']!.grants,
      accounts: ['dev', 'prod', 'long'],
      requesters: ['developers'],
      approvals: [{ from: ['platform'], count: 1 }],
      lapseMinutes: 240,
      durationsMinutes: Array.from({ length: 120 }, (_, step) => (step + 1) * 15),
      ticket: 'optional',
      parameters: Array.from({ length: 10 }, (_, n) => ({
        name: `p${n}`,
        label: { en: longName, ja: longName },
        pattern: `(${'a'.repeat(400)})`,
      })),
    }),
  )
  const catalogue = aCatalogue()
  catalogue.accounts['long'] = { key: 'long', id: '333333333333', name: longName.repeat(3), sensitive: true }
  const values = {
    entitlementId: many[150]!.id,
    accountKey: 'long',
    durationMinutes: '900',
    reason: longReason,
    ticket: nasty,
    parameters: { p1: 'orders' },
  }

  it.each(languages)('is one Slack takes, in %s', language => {
    for (const offered of [many, many.slice(0, 100), many.slice(150, 151), Object.values(catalogue.entitlements), []]) {
      for (const filled of [{ parameters: {} }, values]) {
        expect(checkView(renderRequestForm({ catalogue, offered, values: filled }, language))).toEqual([])
      }
    }
    expect(checkView(renderNotAMember(language))).toEqual([])
    for (const live of [undefined, [], statuses.flatMap(status => Array(3).fill(hostile(aSetRequest(status))))]) {
      for (const named of [true, false]) {
        expect(checkView(renderEndAllForm({ personId: 'U0DAI', named, live }, language))).toEqual([])
      }
      expect(checkView(renderEndAllForm({ named: false, live }, language))).toEqual([])
    }
    expect(checkView(renderNotAnOperator(language))).toEqual([])
    for (const form of [denialForm, removalForm]) {
      expect(checkView(renderReasonForm(form, someId, language))).toEqual([])
    }
  })

  it('offers more than a hundred entitlements in groups of a hundred', () => {
    const view = renderRequestForm({ catalogue, offered: many, values: { parameters: {} } }, 'en')
    const labels = JSON.stringify(view).match(/"label":\{"type":"plain_text","text":"\d+–\d+"/g)
    expect(labels).toEqual([
      '"label":{"type":"plain_text","text":"1–100"',
      '"label":{"type":"plain_text","text":"101–200"',
      '"label":{"type":"plain_text","text":"201–230"',
    ])
  })
})
