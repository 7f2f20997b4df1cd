import type { ModalView } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { renderActiveMessage } from '../../../src/adapters/slack/active-message.ts'
import { renderAlertMessage } from '../../../src/adapters/slack/alert-message.ts'
import { renderApprovalMessage } from '../../../src/adapters/slack/approval-message.ts'
import { renderAskedMessage } from '../../../src/adapters/slack/asked-message.ts'
import type { Message } from '../../../src/adapters/slack/blocks.ts'
import { renderCutMessage } from '../../../src/adapters/slack/cut-message.ts'
import { renderOverMessage } from '../../../src/adapters/slack/over-message.ts'
import { renderPolicyView } from '../../../src/adapters/slack/policy-view.ts'
import { aCatalogue, anEntryRequest, aRoleRequest } from '../../support/builders.ts'

/** Every text of the message in reading order, a line each. */
function read({ blocks }: { blocks: Message['blocks'] | ModalView['blocks'] }): string[] {
  const texts: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('text' in value && typeof value.text === 'string') texts.push(...value.text.split('\n'))
    else Object.values(value).forEach(walk)
  }
  walk(blocks)
  return texts
}

const { requester } = aRoleRequest('pending')
const japanese = { ...requester, language: 'ja' as const }
const note = 'No. 1\n{"Effect":"Allow"}'

describe('the approval message', () => {
  it('of a policy on a shared role says that it is for one person', () => {
    const lines = read(renderApprovalMessage(aRoleRequest('pending'), 'en'))
    expect(lines.slice(2, 4)).toEqual(['*Requester*', '<@U0ALICE>'])
    expect(lines.slice(4, 6)).toEqual(['*IAM user*', '`alice`'])
    const from = lines.indexOf('*On a role that others share*')
    expect(lines.slice(from, from + 8)).toEqual([
      '*On a role that others share*',
      '`arn:aws:iam::222222222222:role/Dev`',
      'Only for sessions of `alice`: nobody else who uses the role gains anything.',
      '*Inline policy, as it is attached*',
      '```',
      'allow  dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem',
      'on     arn:aws:dynamodb:*:222222222222:table/orders',
      '```',
    ])
    expect(lines).toContain('Ends 1 h after approval: from then on AWS itself refuses it.')
    expect(read(renderApprovalMessage(aRoleRequest('pending'), 'ja'))).toContain(
      '`alice` のセッションだけが対象です。このロールを使う他の人の権限は増えません。',
    )
  })

  it('of entering a role says which, with MFA, and that open sessions go on', () => {
    const lines = read(renderApprovalMessage(anEntryRequest('pending'), 'en'))
    const from = lines.indexOf('*What it gives*')
    expect(lines.slice(from, from + 6)).toEqual([
      '*What it gives*',
      '• Enter the role Admin and do whatever it may do',
      '• Only when signed in with MFA',
      ':warning: *Careful:* Curfew does not read what the role may do. What is made as the role stays after the end.',
      '*Role to enter*',
      '`arn:aws:iam::111111111111:role/Admin`',
    ])
    expect(lines).toContain(
      'Ends 1 h after approval: from then on AWS itself lets nobody into the role any more. Sessions opened before may last up to 2 h longer. What is made meanwhile (keys, roles, running jobs) stays.',
    )
    expect(read(renderApprovalMessage(anEntryRequest('pending'), 'ja'))).toContain(
      '承認から1時間後に終了します。それ以降は AWS 自身がロールの引き受けを拒否します。それまでに開かれたセッションはさらに最長2時間続くことがあります。その間に作られたもの（キー、ロール、実行中のジョブ）は残ります。',
    )
  })
})

describe('entering a role that is open to the person anyway', () => {
  it('is told to the approvers and to the requester', () => {
    const request = anEntryRequest('pending')
    if (request.target.kind === 'assume') request.target.openBy = 'jump-admin'
    expect(read(renderApprovalMessage(request, 'en'))).toContain(
      ':warning: The requester can enter this role without this grant, by `jump-admin`: it goes on after the end.',
    )
    expect(read(renderAskedMessage(request, 'C0APPROVE'))).toContain(
      'You can enter this role already, without this grant, by `jump-admin`.',
    )
    expect(read(renderAskedMessage({ ...request, requester: japanese }, 'C0APPROVE'))).toContain(
      'このロールは、この付与がなくても `jump-admin` によりすでに引き受けられます。',
    )
    expect(read(renderApprovalMessage(anEntryRequest('pending'), 'en')).join()).not.toContain('without this grant')
  })
})

describe('the policy view', () => {
  it('names the role, the person and since when', () => {
    const lines = read(renderPolicyView(aRoleRequest('pending'), 'en'))
    expect(lines[0]).toBe(
      'Inline policy `curfew-req_00000000000000000001` on role `Dev`; times are filled in at approval',
    )
    expect(lines.join('\n')).toContain('"aws:userid": "AROADEV00000000000001:alice"')
    expect(lines.join('\n')).toContain('"aws:TokenIssueTime": "&lt;since this grant, or the one it extends&gt;"')
    const granting = aRoleRequest('granting')
    expect(read(renderPolicyView(granting, 'en')).join('\n')).toContain('"aws:TokenIssueTime": "2026-11-21T10:10:20Z"')
    if (granting.target.kind === 'rolePolicy') delete granting.target.boundFrom
    expect(read(renderPolicyView(granting, 'en')).join('\n')).toContain('"aws:TokenIssueTime": "&lt;since this grant')
    expect(read(renderPolicyView(aRoleRequest('active'), 'ja'))[0]).toBe(
      'インラインポリシー `curfew-req_00000000000000000001`（ロール `Dev`）',
    )
  })

  it('shows what lets somebody enter a role, on their user', () => {
    const lines = read(renderPolicyView(anEntryRequest('active'), 'en'))
    expect(lines[0]).toBe('Inline policy `curfew-req_00000000000000000001` on user `alice`')
    expect(lines.join('\n')).toContain('"sts:RoleSessionName": "alice"')
  })
})

describe('the message that access is there', () => {
  it('on a shared role tells to enter it anew, by link and by profile', () => {
    expect(read(renderActiveMessage(aRoleRequest('active'), aCatalogue())).slice(0, -6)).toEqual([
      ':large_green_circle: *The orders table as Dev: yours until Sat 21 Nov, 20:10 GMT+9*',
      'Development (`222222222222`)',
      '*Enter the role anew.* Sessions opened before Sat 21 Nov, 19:10 GMT+9 do not have this access: in the console switch back and switch again; on the command line clear what it keeps (`rm -r ~/.aws/cli/cache`, `aws-vault clear`).',
      '*Console*',
      'Signed in as your IAM user in the jump account `000000000000`:',
      '<https://signin.aws.amazon.com/switchrole?account=222222222222&amp;roleName=Dev&amp;displayName=Dev+Development|Switch to Dev>',
      '*Command line*',
      'Add to `~/.aws/config`; `source_profile` is the profile of your IAM user, and the session must bear your user name:',
      '```',
      '[profile dev-Dev]',
      'role_arn = arn:aws:iam::222222222222:role/Dev',
      'source_profile = alice',
      'role_session_name = alice',
      '```',
      'Then:',
      '```',
      'aws sts get-caller-identity --profile dev-Dev',
      'aws-vault exec dev-Dev -- aws sts get-caller-identity',
      '```',
      'Ends Sat 21 Nov, 20:10 GMT+9: from then on AWS itself refuses it.',
      'It may take up to a few minutes until every AWS service knows.',
    ])
  })

  it('names a role with its path, as the console wants it', () => {
    const request = aRoleRequest('active')
    if ('roleArn' in request.target) request.target.roleArn = 'arn:aws:iam::222222222222:role/team/a/Dev'
    const link = read(renderActiveMessage(request, aCatalogue())).find(line => line.includes('switchrole'))
    expect(link).toContain('roleName=team%2Fa%2FDev')
  })

  it('of entering a role tells of MFA and of sessions that go on, and of no earlier session', () => {
    const lines = read(renderActiveMessage(anEntryRequest('active'), aCatalogue()))
    expect(lines).toContain('mfa_serial = arn:aws:iam::000000000000:mfa/alice')
    expect(lines).toContain(
      'Ends Sat 21 Nov, 20:10 GMT+9: from then on AWS itself lets nobody into the role any more. Sessions opened before may last until Sat 21 Nov, 22:10 GMT+9.',
    )
    expect(lines.join()).not.toContain('anew')
    expect(read(renderActiveMessage(anEntryRequest('active', { requester: japanese }), aCatalogue()))).toContain(
      '踏み台アカウント `000000000000` の IAM ユーザーでサインインした状態で:',
    )
  })
})

describe('access that was ended since what it rested on was changed', () => {
  const cut = (overrides: Parameters<typeof aRoleRequest<'grant_failed'>>[1] = {}) => {
    const { history } = aRoleRequest('active')
    return aRoleRequest('grant_failed', { history, code: 'trust_not_pinned', note, ...overrides })
  }

  it('is told to operators with the statement that mends it', () => {
    const request = cut()
    expect(read(renderCutMessage(request, request.target, request, 'en'))).toEqual([
      ':rotating_light: *Access ended early: what it rested on was changed*',
      'The orders table as Dev – Development (`222222222222`)',
      '*Requester*',
      '<@U0ALICE>',
      '*AWS user*',
      '`alice`',
      '*Role*',
      '`arn:aws:iam::222222222222:role/Dev`',
      'People who enter this role may name their sessions as they like, so a policy on it cannot be for one person only. Ask an administrator of the account to replace the statement below in the trust policy of the role, then ask again.',
      '```',
      'No. 1',
      '{"Effect":"Allow"}',
      '```',
      'If nobody meant to change it, find out who did: CloudTrail has the call.',
      '`req_00000000000000000001`',
    ])
    expect(renderCutMessage(request, request.target, request, 'ja').text).toBe(
      '前提の変更により、アクセスを途中で終了しました: Dev ロールの注文テーブル (Development)',
    )
  })

  it('is not called a grant that never came about', () => {
    expect(read(renderOverMessage(cut()))[0]).toBe('*The orders table as Dev: ended early*')
    expect(read(renderOverMessage(cut({ requester: japanese })))[0]).toBe(
      '*Dev ロールの注文テーブル: 途中で終了しました*',
    )
    expect(read(renderApprovalMessage(cut(), 'en'))[1]).toBe('Ended early by Curfew')
    expect(read(renderApprovalMessage(cut(), 'en'))).toContain(
      'What it rested on was changed in AWS; operators are told.',
    )
    expect(read(renderAskedMessage(cut(), 'C0APPROVE')).at(-1)).toBe('It was ended early by Curfew.')
    expect(read(renderOverMessage(aRoleRequest('grant_failed')))[0]).toBe(
      '*The orders table as Dev: approved, but not granted*',
    )
  })
})

describe('a refusal', () => {
  it('shows what to change line by line, to be copied', () => {
    const request = aRoleRequest('refused', { code: 'trust_not_pinned', note })
    expect(read(renderOverMessage(request)).slice(-5)).toEqual([
      '```',
      'No. 1',
      '{"Effect":"Allow"}',
      '```',
      '`req_00000000000000000001`',
    ])
  })
})

it('an alert tells how to take the policy off the role by hand', () => {
  const lines = read(renderAlertMessage(aRoleRequest('revoke_failed'), aCatalogue(), 'en'))
  expect(lines).toContain('aws iam delete-role-policy --role-name Dev --policy-name curfew-req_00000000000000000001')
})
