import { describe, expect, it } from 'vitest'
import { renderActiveMessage } from '../../../src/adapters/slack/active-message.ts'
import { renderAlertMessage } from '../../../src/adapters/slack/alert-message.ts'
import { renderApprovalMessage } from '../../../src/adapters/slack/approval-message.ts'
import { renderAskedMessage } from '../../../src/adapters/slack/asked-message.ts'
import type { Message } from '../../../src/adapters/slack/blocks.ts'
import { renderOverMessage } from '../../../src/adapters/slack/over-message.ts'
import { renderReply } from '../../../src/adapters/slack/replies.ts'
import { renderStillAllowedMessage } from '../../../src/adapters/slack/still-allowed-message.ts'
import type { RequestIn } from '../../../src/core/access-request.ts'
import type { AfterEnd } from '../../../src/core/after-end.ts'
import { aCatalogue, anId, aRequest, aSetRequest, at } from '../../support/builders.ts'

/** Every text of the message in reading order, a line each. */
function read({ blocks }: Message): string[] {
  const texts: string[] = []
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('text' in value && typeof value.text === 'string') texts.push(...value.text.split('\n'))
    else Object.values(value).forEach(walk)
  }
  walk(blocks)
  return texts
}

const japanese = {
  slackUserId: 'U0ALICE',
  name: '有栖',
  email: 'a@example.com',
  language: 'ja',
  timeZone: 'Asia/Tokyo',
} as const

describe('the approval message', () => {
  it('of an inline policy says who, what exactly, where, how long, why, and how it ends', () => {
    expect(read(renderApprovalMessage(aRequest('pending'), 'en'))).toEqual([
      ':hourglass_flowing_sand: *Access request: One DynamoDB table in Development*',
      'Waiting for approval',
      '*Requester*',
      '<@U0ALICE>',
      '*IAM user*',
      '`alice`',
      '*Account*',
      'Development (`222222222222`)',
      '*For*',
      '1 h from approval',
      '*Inline policy, as it is attached*',
      '```',
      'allow  dynamodb:GetItem, dynamodb:Query, dynamodb:PutItem',
      'on     arn:aws:dynamodb:*:222222222222:table/orders',
      '```',
      '*Reason*',
      '> Look at order 42 for the customer',
      'Ends 1 h after approval: from then on AWS itself refuses it.',
      'Lapses <!date^1795269600^{date_short_pretty} {time}|Sat 21 Nov, 14:00 UTC> if nobody decides.',
      '`req_00000000000000000001`',
      'Approve',
      'Deny',
      'Show policy',
    ])
  })

  it('says in plain words what a policy gives, and what to be careful about, above the statements', () => {
    const request = aRequest('pending')
    if (request.asked.kind !== 'inlinePolicy' || request.target.kind !== 'inlinePolicy') throw new Error('not a policy')
    request.asked.words = {
      lines: [{ en: 'Read and write items in table orders (DynamoDB)', ja: '' }],
      careful: { en: 'can change things.', ja: '' },
    }
    request.target.requireMfa = true
    request.target.regions = ['ap-northeast-1', 'eu-west-1']
    const lines = read(renderApprovalMessage(request, 'en'))
    const from = lines.indexOf('*What it gives*')
    expect(lines.slice(from, from + 5)).toEqual([
      '*What it gives*',
      '• Read and write items in table orders (DynamoDB)',
      '• Only when signed in with MFA. Only in ap-northeast-1, eu-west-1',
      ':warning: *Careful:* can change things.',
      '*Inline policy, as it is attached*',
    ])
  })

  it('says in plain words what a permission set gives', () => {
    const lines = read(renderApprovalMessage(aSetRequest('pending'), 'ja'))
    const from = lines.indexOf('*付与される内容*')
    expect(lines.slice(from, from + 4)).toEqual([
      '*付与される内容*',
      '• EC2 の全リソースの読み取り',
      '*許可セット*',
      '`Curfew-ReadOnly`',
    ])
  })

  it('of a permission set says that the end is not enforced, and marks a sensitive account', () => {
    const lines = read(renderApprovalMessage(aSetRequest('pending'), 'en'))
    expect(lines).toContain(':warning: *Sensitive account*')
    expect(lines).toContain('`Curfew-ReadOnly`')
    expect(lines).toContain('`alice@example.com`')
    expect(lines).toContain('`OPS-42`')
    expect(lines).toContain(
      'Normally ends 1 h after approval. Sessions already open may last up to 2 h longer, and the end is not enforced while Curfew is down.',
    )
  })

  it('of approved access says by whom and until when in truth: session length and portal cache later', () => {
    const lines = read(renderApprovalMessage(aSetRequest('active'), 'en'))
    expect(lines).toContain(
      'Approved by <@U0BOB>, <!date^1795255800^{date_short_pretty} {time}|Sat 21 Nov, 10:10 UTC>.',
    )
    expect(lines).toContain(
      'Normally ends <!date^1795259400^{date_short_pretty} {time}|Sat 21 Nov, 11:10 UTC>. Sessions already open may last until <!date^1795266600^{date_short_pretty} {time}|Sat 21 Nov, 13:10 UTC>, and the end is not enforced while Curfew is down.',
    )
  })

  it('of a request that an operator withdrew says so, and by whom', () => {
    const withdrawn = aRequest('cancelled', { cancelledBy: 'U0CAROL' })
    const lines = read(renderApprovalMessage(withdrawn, 'en')).join()
    expect(lines).toContain('Withdrawn by an operator')
    expect(lines).toContain('Withdrawn by <@U0CAROL>')
    expect(read(renderAskedMessage(withdrawn, 'C0APPROVE')).join()).toContain('It was withdrawn by <@U0CAROL>.')
    const own = aRequest('cancelled', { cancelledBy: 'U0ALICE' })
    expect(read(renderApprovalMessage(own, 'en')).join()).toContain('Cancelled by the requester')
    expect(read(renderAskedMessage(own, 'C0APPROVE')).join()).toContain('You cancelled it.')
  })

  it('of active access has a button for operators, which asks back, where there are any', () => {
    const ids = (message: ReturnType<typeof renderApprovalMessage>) =>
      JSON.stringify(message.blocks).match(/"action_id":"[a-z-]+"/g)
    const show = '"action_id":"show-policy"'
    const message = renderApprovalMessage(aRequest('active'), 'en', { hasOperators: true })
    expect(ids(message)).toEqual([show, '"action_id":"end"'])
    expect(JSON.stringify(message.blocks)).toContain('End this access now?')
    expect(ids(renderApprovalMessage(aRequest('granting'), 'en', { hasOperators: true }))).toEqual([show])
    expect(ids(renderApprovalMessage(aRequest('active'), 'en'))).toEqual([show])
  })

  it('shows the denial with its reason', () => {
    const lines = read(renderApprovalMessage(aRequest('denied'), 'en'))
    expect(lines.slice(0, 2)).toEqual([':no_entry: *Access request: One DynamoDB table in Development*', 'Denied'])
    expect(lines).toContain('> Use the read replica')
    expect(lines).toContain('Denied by <@U0BOB>, <!date^1795255800^{date_short_pretty} {time}|Sat 21 Nov, 10:10 UTC>.')
  })

  it('speaks Japanese', () => {
    const lines = read(renderApprovalMessage(aSetRequest('pending'), 'ja'))
    expect(lines[0]).toBe(':hourglass_flowing_sand: *アクセス申請: 本番 読み取り専用*')
    expect(lines).toContain('*許可セット*')
    expect(lines).toContain('承認から1時間')
    expect(lines.slice(-3)).toEqual(['承認する', '却下する', 'ポリシーを表示'])
  })

  it('shows every statement uncut, over several sections where one is not enough', () => {
    const request = aRequest('pending')
    const resources = Array.from({ length: 60 }, (_, n) => `arn:aws:dynamodb:*:222222222222:table/orders-of-a-day-${n}`)
    if (request.target.kind === 'inlinePolicy') request.target.statements = [{ actions: ['dynamodb:*'], resources }]
    const text = read(renderApprovalMessage(request, 'en')).join('\n')
    for (const resource of resources) expect(text).toContain(resource)
    expect(text).not.toContain('…')
  })

  it('shows the statements of the target, which are the ones attached', () => {
    const request = aRequest('pending')
    request.asked = { kind: 'inlinePolicy', on: 'user', statements: [{ actions: ['s3:*'], resources: ['*'] }] }
    expect(read(renderApprovalMessage(request, 'en')).join()).not.toContain('s3:*')
  })
})

describe('the requester’s own message', () => {
  it('says where it waits and can be cancelled', () => {
    expect(read(renderAskedMessage(aRequest('pending'), 'C0APPROVE'))).toEqual([
      '*Your access request*',
      'One DynamoDB table in Development – Development (`222222222222`), for 1 h.',
      'It waits for approval in <#C0APPROVE>. You will be told here.',
      'Lapses Sat 21 Nov, 23:00 GMT+9 if nobody decides.',
      'Cancel request',
    ])
  })

  it('speaks the requester’s language', () => {
    expect(read(renderAskedMessage(aRequest('active', { requester: japanese }), 'C0APPROVE'))).toEqual([
      '*あなたのアクセス申請*',
      '開発 DynamoDB テーブル（Development (`222222222222`)、1時間）',
      '<@U0BOB> さんが承認しました。11月21日(土) 20:10 JST まで利用できます。',
    ])
  })
})

describe('the end in truth', () => {
  const asked = { kind: 'permissionSet', permissionSet: 'Curfew-ReadOnly', leash: 'required' } as const
  const shell = [{ actions: ['ssm:StartSession'], resources: ['*'] }]

  function leashed<S extends 'pending' | 'active'>(status: S, afterEnd: Partial<AfterEnd>): RequestIn<S> {
    const request = aSetRequest<'pending' | 'active'>(status, { asked })
    const none = { escapes: [], lasts: [], opens: [], unread: [] }
    if (request.target.kind === 'permissionSet') request.target.content.afterEnd = { ...none, ...afterEnd }
    // The builder gave it the status that was asked for.
    return request as RequestIn<S>
  }

  it('of a leashed set is enforced by AWS', () => {
    expect(read(renderApprovalMessage(leashed('pending', {}), 'en'))).toContain(
      'Ends 1 h after approval: from then on AWS itself refuses it.',
    )
    expect(read(renderActiveMessage(leashed('active', {}), aCatalogue()))).toContain(
      'Ends Sat 21 Nov, 20:10 GMT+9: from then on AWS itself refuses it.',
    )
  })

  it('of a leashed set that its holder can get out of is not enforceable, and what is made stays', () => {
    const request = leashed('pending', {
      escapes: ['iam:*', 'sts:AssumeRole', 'sso:*', 'ram:*'],
      unread: ['/team/deploy'],
    })
    expect(read(renderApprovalMessage(request, 'en'))).toContain(
      'Ends 1 h after approval: AWS itself refuses it from then on, but its holder can get around that (`iam:*, sts:AssumeRole, sso:*, …`), so the end is not enforceable. What is made meanwhile (keys, roles, running jobs) stays.',
    )
    expect(read(renderApprovalMessage(request, 'ja'))).toContain(
      '承認から1時間後に終了し、それ以降は AWS 自身が拒否します。ただし、利用者が抜け道を作れるため（`iam:*, sts:AssumeRole, sso:*, …`）、終了は強制できません。その間に作られたもの（キー、ロール、実行中のジョブ）は残ります。',
    )
  })

  it('of a leashed set that nobody has read whole is not known', () => {
    expect(read(renderActiveMessage(leashed('active', { unread: ['/team/deploy'] }), aCatalogue()))).toContain(
      'Ends Sat 21 Nov, 20:10 GMT+9: AWS itself refuses it from then on. Whether its holder can get around that is not known (`/team/deploy`).',
    )
  })

  it('names what AWS does not ask about again, before, during and after', () => {
    const line = 'Connections opened before the end last until they are closed: Session Manager.'
    for (const status of ['pending', 'active', 'expired'] as const) {
      const request = aRequest(status)
      if (request.target.kind === 'inlinePolicy') request.target.statements = shell
      expect(read(renderApprovalMessage(request, 'en'))).toContain(line)
      expect(read(renderApprovalMessage(aRequest(status), 'en')).join()).not.toContain('Connections')
    }
    const set = leashed('active', { opens: ['ecs_exec', 'database'] })
    set.requester = japanese
    expect(read(renderActiveMessage(set, aCatalogue()))).toContain(
      '終了前に開いた接続は、閉じるまで続きます（ECS Exec、データベース）。',
    )
  })

  it('is the normal one where it is not enforced', () => {
    expect(read(renderApprovalMessage(aSetRequest('active'), 'en'))).toContain('*Normally until*')
    expect(read(renderApprovalMessage(leashed('active', {}), 'en'))).toContain('*Until*')
    expect(read(renderAskedMessage(aSetRequest('active'), 'C0APPROVE'))[2]).toBe(
      '<@U0BOB> approved it. The access is there normally until Sat 21 Nov, 20:10 GMT+9.',
    )
    expect(read(renderAskedMessage(aSetRequest('active', { requester: japanese }), 'C0APPROVE'))[2]).toBe(
      '<@U0BOB> さんが承認しました。通常 11月21日(土) 20:10 JST まで利用できます。',
    )
  })
})

describe('a request for what the requester has already', () => {
  const request = aRequest('pending', { heldUntil: at('11:30') })

  it('says so to the approver', () => {
    expect(read(renderApprovalMessage(request, 'en'))).toContain(
      'The requester has this already until <!date^1795260600^{date_short_pretty} {time}|Sat 21 Nov, 11:30 UTC>, from an earlier request.',
    )
  })

  it('tells the requester which end counts', () => {
    expect(read(renderAskedMessage(request, 'C0APPROVE'))).toContain(
      'You have this already until Sat 21 Nov, 20:30 GMT+9. If this request is approved, its time counts from the approval, and you have it until the later of the two ends.',
    )
  })
})

describe('the message that access is there', () => {
  it('links to the console and gives a profile for a permission set', () => {
    const lines = read(renderActiveMessage(aSetRequest('active'), aCatalogue()))
    expect(lines).toEqual([
      ':large_green_circle: *Production read-only: normally yours until Sat 21 Nov, 20:10 GMT+9*',
      'Production (`111111111111`)',
      '*Console*',
      '<https://example.awsapps.com/start/#/console?account_id=111111111111&amp;role_name=Curfew-ReadOnly|Open the AWS console with this permission set>',
      '*Command line*',
      'Add to `~/.aws/config` (leave the first part out if you have an sso-session for this start URL, and use its name):',
      '```',
      '[sso-session example]',
      'sso_start_url = https://example.awsapps.com/start',
      'sso_region = ap-northeast-1',
      'sso_registration_scopes = sso:account:access',
      '',
      '[profile prod-Curfew-ReadOnly]',
      'sso_session = example',
      'sso_account_id = 111111111111',
      'sso_role_name = Curfew-ReadOnly',
      '```',
      'Then:',
      '```',
      'aws sso login --profile prod-Curfew-ReadOnly',
      'aws sts get-caller-identity --profile prod-Curfew-ReadOnly',
      'aws-vault exec prod-Curfew-ReadOnly -- aws sts get-caller-identity',
      '```',
      'Normally ends Sat 21 Nov, 20:10 GMT+9. Sessions already open may last until Sat 21 Nov, 22:10 GMT+9, and the end is not enforced while Curfew is down.',
      'It may take up to a few minutes until every AWS service knows.',
      'Ask for more time',
      'I’m done, end it now',
      'End this access now?',
      'It is taken away before its time. If you need it again, you have to ask again.',
      'End it',
      'Keep it',
    ])
  })

  it('says when it is no longer so, without buttons', () => {
    const ending = aRequest('revoking', { outcome: { status: 'revoked', by: 'U0ALICE' } })
    expect(read(renderActiveMessage(ending, aCatalogue()))).toEqual([
      ':large_blue_circle: *One DynamoDB table in Development: ending. You will be told here when AWS has confirmed that it is gone*',
      'Development (`222222222222`)',
    ])
    expect(read(renderActiveMessage(aRequest('revoked', { requester: japanese }), aCatalogue()))).toEqual([
      ':white_circle: *開発 DynamoDB テーブル: 終了しました*',
      'Development (`222222222222`)',
    ])
  })

  it('sends an IAM user to the sign-in of that account', () => {
    const lines = read(renderActiveMessage(aRequest('active'), aCatalogue()))
    expect(lines).toContain('<https://222222222222.signin.aws.amazon.com/console|Sign in as alice>')
    expect(lines).toContain('aws-vault exec alice -- aws sts get-caller-identity')
    expect(lines).toContain('Ends Sat 21 Nov, 20:10 GMT+9: from then on AWS itself refuses it.')
  })

  it('tells how to bring MFA where the policy asks for it', () => {
    const request = aRequest('active')
    expect(read(renderActiveMessage(request, aCatalogue())).join()).not.toContain('MFA')
    if (request.target.kind === 'inlinePolicy') request.target.requireMfa = true
    expect(read(renderActiveMessage(request, aCatalogue())).join()).toContain('It works only with MFA: sign in')
  })

  it('does without the portal where the catalogue no longer names one', () => {
    const { identityCenter: _, ...aws } = aCatalogue().aws
    expect(read(renderActiveMessage(aSetRequest('active'), aCatalogue({ aws }))).join()).not.toContain('Console')
  })
})

describe('the message that it is over', () => {
  it('tells what happened and what to do next', () => {
    expect(read(renderOverMessage(aRequest('refused'))).slice(0, 3)).toEqual([
      '*One DynamoDB table in Development: not possible*',
      'Development (`222222222222`)',
      'No AWS user was found for this Slack account. Ask an operator to create one, or to map it in the catalogue.',
    ])
    expect(read(renderOverMessage(aRequest('denied')))).toContain('> Use the read replica')
    expect(read(renderOverMessage(aRequest('lapsed')))[2]).toBe(
      'If you still need it, ask again with `/request-access` and tell an approver.',
    )
    expect(read(renderOverMessage(aRequest('grant_failed')))).toContain('`AWS did not answer`')
    expect(read(renderOverMessage(aRequest('expired', { requester: japanese })))[0]).toBe(
      '*開発 DynamoDB テーブル: 予定どおり終了しました*',
    )
  })

  it('says that the requester ended it themselves', () => {
    expect(read(renderOverMessage(aRequest('revoked')))[2]).toBe(
      'You ended it, and AWS confirmed that the access is gone. If you still need it, ask again with `/request-access`.',
    )
    expect(read(renderOverMessage(aRequest('revoked', { requester: japanese })))[2]).toMatch(/^あなたが終了し、/)
    expect(read(renderOverMessage(aRequest('revoked', { endedBy: 'U0CAROL' })))[2]).toMatch(/^<@U0CAROL> ended it/)
  })

  it('has one quiet line on what AWS answered afterwards', () => {
    const proof = { at: at('11:12'), answer: 'gone' } as const
    expect(read(renderOverMessage(aRequest('expired', { proof }))).slice(-2)).toEqual([
      'Asked after the end: AWS refuses it.',
      '`req_00000000000000000001`',
    ])
    expect(read(renderOverMessage(aSetRequest('revoked', { proof, requester: japanese })))).toContain(
      '終了後の確認: AWS に割り当てはありません。',
    )
  })

  it('never says gone of access that another request keeps', () => {
    for (const request of [
      aSetRequest('expired', { keptUntil: at('12:10') }),
      aSetRequest('revoked', { keptUntil: at('12:10') }),
    ]) {
      const own = read(renderOverMessage(request))
      expect(own).toContain('You keep the access through another request, normally until Sat 21 Nov, 21:10 GMT+9.')
      const everyones = read(renderApprovalMessage(request, 'en'))
      expect(everyones).toContain(
        'The requester keeps the access normally until <!date^1795263000^{date_short_pretty} {time}|Sat 21 Nov, 12:10 UTC>, through another request.',
      )
      const alert = read(renderAlertMessage(request, aCatalogue(), 'en'))
      expect([...own, ...everyones, ...alert].join()).not.toMatch(/gone|Sessions/)
    }
  })

  it('admits that sessions may outlive a removed assignment', () => {
    expect(read(renderOverMessage(aSetRequest('revoked')))).toContain(
      'Sessions opened before may last until Sat 21 Nov, 22:11 GMT+9.',
    )
    expect(read(renderOverMessage(aRequest('expired'))).join()).not.toContain('Sessions')
  })
})

describe('the alert', () => {
  it('says whether AWS refuses what could not be removed', () => {
    const leashed = { kind: 'permissionSet', permissionSet: 'Curfew-ReadOnly', leash: 'required' } as const
    const end = '<!date^1795259400^{date_short_pretty} {time}|Sat 21 Nov, 11:10 UTC>'
    expect(read(renderAlertMessage(aRequest('revoke_failed'), aCatalogue(), 'en'))).toContain(
      `AWS itself refuses it from ${end} on; it is still there.`,
    )
    const request = aSetRequest('revoke_failed', { asked: leashed })
    if (request.target.kind !== 'permissionSet') throw new Error('not a permission set')
    const target = { ...request.target, leash: 'required' } as const
    expect(read(renderAlertMessage({ ...request, target }, aCatalogue(), 'en'))).toContain(
      `Unless the last problem is about its leash, AWS itself refuses it from ${end} on; otherwise it *may still work*.`,
    )
    expect(read(renderAlertMessage(aSetRequest('revoke_failed'), aCatalogue(), 'en'))).toContain(
      `The assignment should have ended ${end} and *may still work*. Remove it by hand if this does not settle soon.`,
    )
  })

  const failing = { attempts: 5, at: at('11:30'), since: at('11:10'), problem: 'AccessDenied on DeleteUserPolicy' }

  it('says what is not removed, since when and why, and how to do it by hand', () => {
    const lines = read(
      renderAlertMessage(aRequest('revoke_failed', { retries: { work: failing } }), aCatalogue(), 'en'),
    )
    expect(lines[0]).toBe(':rotating_light: *Access could not be removed*')
    expect(lines).toContain('`AccessDenied on DeleteUserPolicy`')
    expect(lines).toContain(
      'aws iam delete-user-policy --user-name alice --policy-name curfew-req_00000000000000000001',
    )
  })

  it('names the assignment exactly', () => {
    expect(read(renderAlertMessage(aSetRequest('revoke_failed'), aCatalogue(), 'en'))).toContain(
      'aws sso-admin delete-account-assignment --region ap-northeast-1 --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-1/ps-1 --target-type AWS_ACCOUNT --target-id 111111111111 --principal-type USER --principal-id principal-alice',
    )
  })

  it('has a button for operators while it fails, where there are any', () => {
    const failing = aRequest('revoke_failed')
    const drawn = (operators: string[]) =>
      JSON.stringify(renderAlertMessage(failing, aCatalogue({ operators }), 'en').blocks)
    expect(drawn(['security'])).toContain('"action_id":"removed"')
    expect(drawn([])).not.toContain('"action_id"')
  })

  it('says who settled it by hand and what they did, and never that AWS confirmed what it did not', () => {
    const settledBy = { userId: 'U0CAROL', reason: 'The account is closed', confirmed: false }
    const alert = (request: Parameters<typeof renderAlertMessage>[0]) =>
      read(renderAlertMessage(request, aCatalogue(), 'en'))
    const lines = alert(aRequest('expired', { settledBy }))
    expect(lines[0]).toBe(':white_check_mark: *Settled by hand, not confirmed by AWS*')
    expect(lines).toContain('<@U0CAROL> removed it by hand and wrote:')
    expect(lines).toContain('> The account is closed')
    expect(lines.join()).toContain('The daily comparison tells if it is not.')
    expect(alert(aSetRequest('expired', { settledBy })).join()).toContain('Curfew goes on looking')
    const approvers = read(renderApprovalMessage(aRequest('expired', { settledBy }), 'en')).join()
    const own = read(renderOverMessage(aRequest('expired', { settledBy }))).join()
    expect(approvers).toContain('<@U0CAROL> removed it by hand')
    expect(own).toContain('<@U0CAROL> removed the access by hand; AWS could not confirm that.')
    expect(lines.join() + approvers + own).not.toContain('AWS confirmed')
    expect(alert(aRequest('expired', { settledBy: { ...settledBy, confirmed: true } })).join()).toContain(
      'AWS confirmed that the access is gone',
    )
  })

  it('of a stray says what it is and who ended it, and names nobody who asked', () => {
    const { target } = aRequest('active')
    const stray = { stray: { because: 'expired' }, target, decidedBy: 'U0CAROL' }
    const lines = (request: Parameters<typeof renderAlertMessage>[0]) =>
      read(renderAlertMessage(request, aCatalogue(), 'en'))
    expect(lines(aRequest('revoking', stray)).slice(0, 3)).toEqual([
      ':large_blue_circle: *A stray is being removed*',
      '`curfew-req_00000000000000000001` – on the IAM user `alice`, Development (`222222222222`)',
      'Ended by <@U0CAROL>.',
    ])
    const failed = lines(aRequest('revoke_failed', { ...stray, retries: { work: failing } })).join()
    expect(failed).toContain('A stray could not be removed')
    expect(failed).toContain('aws iam delete-user-policy --user-name alice')
    expect(failed).not.toContain('U0ALICE')
    expect(lines(aRequest('revoked', stray))[0]).toContain(':white_check_mark: *The stray is gone*')
  })

  it('says when it is settled', () => {
    expect(read(renderAlertMessage(aRequest('expired'), aCatalogue(), 'en'))[0]).toBe(
      ':white_check_mark: *Settled: the access is removed*',
    )
  })
})

describe('the alert that AWS still allows what has ended', () => {
  const proof = { at: at('11:27'), answer: 'still', note: 'the assignment' } as const

  it('says whose it is and how to take it away by hand', () => {
    expect(read(renderStillAllowedMessage(aRequest('expired', { proof }), aCatalogue(), 'en'))).toEqual([
      ':rotating_light: *AWS still allows what has ended*',
      'One DynamoDB table in Development – Development (`222222222222`)',
      'AWS was asked several times after the end. It was not taken away after all, or somebody has put it back.',
      '*Requester*',
      '<@U0ALICE>',
      '*AWS user*',
      '`alice`',
      'To take it away by hand:',
      '```',
      'aws iam delete-user-policy --user-name alice --policy-name curfew-req_00000000000000000001',
      '```',
      '`req_00000000000000000001`',
    ])
  })
})

describe('a reply to a click', () => {
  it('says who had decided', () => {
    expect(renderReply(aRequest('granting'), 'already_decided', 'en').text).toBe(
      'One DynamoDB table in Development: Your click changed nothing: the request was no longer open. <@U0BOB> approved it.',
    )
    expect(renderReply(aRequest('denied'), 'already_decided', 'ja').text).toBe(
      '開発 DynamoDB テーブル: 操作は反映されませんでした。この申請はすでに受付を終了しています。 <@U0BOB> さんが却下しました。',
    )
    expect(renderReply(aRequest('cancelled'), 'already_decided', 'en').text).toContain('<@U0ALICE> cancelled it.')
    expect(renderReply(aRequest('lapsed'), 'already_decided', 'en').text).toContain('Nobody had decided in time.')
  })

  it('says how it ended when there is nothing left to end', () => {
    const answer = (request: Parameters<typeof renderReply>[0]) => renderReply(request, 'not_active', 'en').text
    expect(answer(aRequest('expired'))).toBe(
      'One DynamoDB table in Development: There was nothing left to end. It ended on time.',
    )
    expect(answer(aRequest('revoking'))).toContain('It is ending: the access is being removed.')
    expect(answer(aRequest('revoked'))).toContain('<@U0ALICE> had ended it.')
    expect(renderReply(aRequest('expired'), 'not_active', 'ja').text).toBe(
      '開発 DynamoDB テーブル: 終了するアクセスはもうありません。 予定どおり終了しました。',
    )
  })

  it('tells a requester that somebody else decides', () => {
    expect(renderReply(aRequest('pending', { id: anId(2) }), 'self_approval', 'en').text).toBe(
      'One DynamoDB table in Development: Nobody decides on their own request. Another approver has to do it.',
    )
  })
})
