import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import { createDigest } from '../../../src/adapters/slack/digest.ts'
import { renderDigest } from '../../../src/adapters/slack/digest-message.ts'
import type { Language } from '../../../src/core/entitlement.ts'
import type { Comparison, Finding } from '../../../src/core/reconcile.ts'
import { checkMessageBlocks } from '../../../src/playground/slack/block-kit.ts'
import { aCatalogue, someId } from '../../support/builders.ts'
import { type SlackStub, startSlackStub } from './slack-stub.ts'

const policy = {
  accountId: '222222222222',
  principal: 'user',
  name: 'alice',
  policyName: 'curfew-req_00000000000000000001',
} as const
const place = {
  accountId: '111111111111',
  permissionSet: 'Curfew-ReadOnly',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
}
const stray: Finding = { kind: 'stray_policy', ...policy, because: 'expired' }
const eve: Finding = { kind: 'foreign_assignment', ...place, principalType: 'USER', principalId: 'u-eve', name: 'eve' }
const everything: Comparison = {
  findings: [
    { kind: 'group_assignment', ...place, principalType: 'GROUP', principalId: 'g-1', name: 'platform <!here>' },
    { kind: 'foreign_assignment', ...place, principalType: 'USER', principalId: 'u-1' },
    eve,
    { kind: 'missing_assignment', ...place, principalId: 'u-2', userName: 'bob', requestIds: [someId] },
    { kind: 'missing_policy', requestId: someId, ...policy },
    { kind: 'stray_policy', ...policy, because: 'no_request' },
    { kind: 'stray_policy', ...policy, because: 'other_holder' },
    stray,
  ],
  unread: [
    { accountId: '222222222222', problem: 'ListUsers: not authorized' },
    { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly', problem: 'no answer' },
    { problem: 'ListPermissionSets: no answer' },
  ],
}

const inLanguage = (language: Language) => aCatalogue({ slack: { ...aCatalogue().slack, language } })

/** The message's sections and small print, without commands. */
function linesOf(comparison: Comparison, language: Language = 'en'): string[] {
  const { blocks } = renderDigest('2026-11-22', comparison, inLanguage(language))
  return blocks.flatMap(block => {
    if (block.type === 'section') return block.text?.text.split('\n```')[0] ?? ''
    return block.type === 'context' ? block.elements.map(element => ('text' in element ? element.text : '')) : ''
  })
}

describe('the digest', () => {
  it.each(['en', 'ja'] as const)('has a button for what operators may end, and for nothing else, in %s', language => {
    const endable = { ...everything, findings: [...everything.findings, { ...stray, endBy: someId }] }
    const { blocks } = renderDigest('2026-11-22', { ...endable, unread: [] }, inLanguage(language))
    expect(checkMessageBlocks(blocks)).toEqual([])
    const buttons = JSON.stringify(blocks).match(/"action_id":"[a-z-]+","[^}]*}[^}]*"value":"[^"]*"/g)
    expect(buttons).toHaveLength(1)
    expect(buttons?.[0]).toContain(`"value":"${someId}"`)
  })

  it('counts, says each with the command that helps, and what was not read first', () => {
    expect(linesOf(everything)).toEqual([
      ':mag: *AWS compared with Curfew’s records* 2026-11-22\n3 policies that no request holds · 2 grants missing in AWS · 2 assignments not made through Curfew · 1 group with standing access · 3 places that could not be read',
      '• IAM users and roles of Development (222222222222) could not be read: ListUsers: not authorized. If a right is missing, deploy infra/member-account.template.yaml again.',
      '• Assignments of Curfew-ReadOnly in Production (111111111111) could not be read: no answer. If a right is missing, deploy infra/bot-policy.json again.',
      '• Permission sets could not be read: ListPermissionSets: no answer. If a right is missing, deploy infra/bot-policy.json again.',
      '• curfew-req_00000000000000000001 on user alice in Development (222222222222): no request has this name',
      '• curfew-req_00000000000000000001 on user alice in Development (222222222222): its request is for another user or role',
      '• curfew-req_00000000000000000001 on user alice in Development (222222222222): its request is expired, not active',
      '• req_00000000000000000001 is active, but user alice in Development (222222222222) does not have its policy',
      '• bob should have Curfew-ReadOnly in Production (111111111111) (req_00000000000000000001), but AWS does not list them',
      '• u-1 (gone from the directory) has Curfew-ReadOnly in Production (111111111111), not made through Curfew',
      '• eve has Curfew-ReadOnly in Production (111111111111), not made through Curfew',
      'and 1 more: `npm run report -- --strays` shows all.\nCurfew changes nothing here by itself. The command below a line takes the access away, or shows who took it.',
    ])
  })

  it('shows the exact command below a line', () => {
    const [, line] = renderDigest('2026-11-22', { findings: [stray], unread: [] }, inLanguage('en')).blocks
    expect(line).toMatchObject({
      text: {
        text: expect.stringContaining(
          '\n```\naws iam delete-user-policy --user-name alice --policy-name curfew-req_00000000000000000001\n```',
        ),
      },
    })
  })

  it('speaks Japanese where the workspace does', () => {
    expect(linesOf({ findings: [stray, eve], unread: [] }, 'ja')).toEqual([
      ':mag: *AWS と Curfew の記録の照合* 2026-11-22\n対応する申請のないポリシー 1 件、Curfew によらない割り当て 1 件',
      '• Development (222222222222) のユーザー alice の curfew-req_00000000000000000001: この名前の申請は有効ではありません (expired)',
      '• eve に Production (111111111111) の Curfew-ReadOnly があります (Curfew によるものではありません)',
      'Curfew はここでは何も変更しません。各行のコマンドで、アクセスを削除するか、誰が削除したかを確認できます。',
    ])
  })

  it.each(['en', 'ja'] as const)('is a message Slack takes, in %s, and mentions nobody', language => {
    const { text, blocks } = renderDigest('2026-11-22', everything, inLanguage(language))
    expect(checkMessageBlocks(blocks)).toEqual([])
    expect(text.length).toBeGreaterThan(20)
    const group = renderDigest(
      '2026-11-22',
      { findings: everything.findings.slice(0, 1), unread: [] },
      inLanguage('en'),
    )
    expect(JSON.stringify(group.blocks)).not.toContain('<!here>')
  })
})

describe('posting it', () => {
  let slack: SlackStub
  beforeEach(async () => {
    slack = await startSlackStub({
      'conversations.history': { messages: [] },
      'chat.postMessage': ({ channel }) => ({ channel, ts: '1.1' }),
    })
  })
  afterEach(() => slack.stop())
  const post = () =>
    createDigest(createSlackClients('xoxb-1', slack.url).worker, { catalogue: aCatalogue() }).post('2026-11-22', {
      findings: [stray],
      unread: [],
    })

  it('goes to the alerts channel, with a text and its day', async () => {
    await post()
    expect(slack.callsOf('chat.postMessage')).toMatchObject([
      {
        channel: 'C0ALERT',
        text: 'AWS compared with Curfew’s records: 1 policy that no request holds',
        metadata: { event_type: 'curfew_digest', event_payload: { day: '2026-11-22' } },
        unfurl_links: 'false',
      },
    ])
  })

  it('is not done twice for one day, also when the first was not heard', async () => {
    const digest = (day: string) => ({ ts: '1.0', metadata: { event_type: 'curfew_digest', event_payload: { day } } })
    slack.answers['conversations.history'] = { messages: [{ ts: '0.9' }, digest('2026-11-21')] }
    await post()
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
    slack.answers['conversations.history'] = { messages: [digest('2026-11-22')] }
    await post()
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
  })
})
